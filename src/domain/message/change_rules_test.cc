// Who may change which message.
#include <gtest/gtest.h>

#include "domain/message/rules.h"
#include "domain/message/testing/builders.h"
#include "domain/message/testing/cast.h"

namespace hongyan::message {
namespace {

using conversation::Role;
using conversation::Type;
using testing::code_of;
using testing::kAnna;
using testing::kBert;
using testing::kRoom;
using enum ErrorCode;

constexpr ErrorCode kAllowed{};

StoredMessage message_of(UserId sender) { return testing::message_at(kRoom, Seq(1), sender, Ordinal(1)).message; }

StoredMessage recalled(UserId sender) {
  StoredMessage message = message_of(sender);
  message.recalled = Mark{sender, message.time};
  message.content.Clear();
  return message;
}

TimeMs after(const StoredMessage& message, std::chrono::milliseconds time) {
  return TimeMs(message.time.value + time.count());
}

TEST(MayRecall, TheSenderInTimeAndWhoOutranksThemAtAnyTime) {
  struct Case {
    const char* name;
    Actor actor;
    Role sender_role;
    std::chrono::milliseconds age;
    ErrorCode expected;
  };
  const std::chrono::minutes early{2};
  const auto late = early + std::chrono::milliseconds(1);
  const std::vector<Case> cases{
      {"own, in time", {kAnna, Type::direct, Role::member}, Role::member, early, kAllowed},
      {"own, too late", {kAnna, Type::direct, Role::member}, Role::member, late, recall_window_passed},
      {"own in a group, too late", {kAnna, Type::group, Role::member}, Role::member, late, recall_window_passed},
      {"own as owner, too late", {kAnna, Type::group, Role::owner}, Role::owner, late, recall_window_passed},
      {"nobody outranks themselves", {kAnna, Type::group, Role::owner}, Role::member, late, recall_window_passed},
      {"the other's of a 1:1", {kBert, Type::direct, Role::member}, Role::member, early, permission_denied},
      {"a role means nothing in a 1:1", {kBert, Type::direct, Role::owner}, Role::member, early, permission_denied},
      {"a member's by a member", {kBert, Type::group, Role::member}, Role::member, early, permission_denied},
      {"a member's by an admin", {kBert, Type::group, Role::admin}, Role::member, late, kAllowed},
      {"an admin's by an admin", {kBert, Type::group, Role::admin}, Role::admin, early, permission_denied},
      {"an admin's by the owner", {kBert, Type::group, Role::owner}, Role::admin, late, kAllowed},
      {"the owner's by an admin", {kBert, Type::group, Role::admin}, Role::owner, early, permission_denied},
  };
  for (const Case& one : cases) {
    const StoredMessage message = message_of(kAnna);
    EXPECT_EQ(code_of(may_recall(message, one.actor, one.sender_role, after(message, one.age), {})), one.expected)
        << one.name;
  }
}

TEST(MayRecall, ARepeatIsNeverTooLateButStaysWithThoseWhoMay) {
  const StoredMessage message = recalled(kAnna);
  const TimeMs late = after(message, std::chrono::hours(1));
  EXPECT_EQ(code_of(may_recall(message, {kAnna}, Role::member, late, {})), kAllowed);
  EXPECT_EQ(code_of(may_recall(message, {kBert}, Role::member, late, {})), permission_denied);
}

TEST(MayRecall, NobodyTakesBackASystemLine) {
  const StoredMessage line = message_of({});
  const Actor owner{kAnna, Type::group, Role::owner};
  EXPECT_EQ(code_of(may_recall(line, owner, Role::member, line.time, {})), permission_denied);
}

TEST(MayEdit, OwnTextInTime) {
  const StoredMessage message = message_of(kAnna);
  const std::chrono::minutes early{15};
  const auto late = early + std::chrono::milliseconds(1);
  EXPECT_EQ(code_of(may_edit(message, {kAnna}, after(message, early), {})), kAllowed);
  EXPECT_EQ(code_of(may_edit(message, {kAnna}, after(message, late), {})), edit_window_passed);
  EXPECT_EQ(code_of(may_edit(message, {kAnna}, after(message, late), {.edit = std::chrono::hours(1)})), kAllowed);
  EXPECT_EQ(code_of(may_edit(message, {kBert, Type::group, Role::owner}, message.time, {})), permission_denied);
  EXPECT_EQ(code_of(may_edit(recalled(kAnna), {kAnna}, message.time, {})), message_recalled);
  StoredMessage place = message;
  place.content.mutable_location()->set_name("here");
  EXPECT_EQ(code_of(may_edit(place, {kAnna}, message.time, {})), invalid_argument);
}

TEST(MayPin, BothOfADirectConversationAndModeratorsOfAGroup) {
  const StoredMessage message = message_of(kAnna);
  EXPECT_EQ(code_of(may_pin(message, {kBert, Type::direct, Role::member})), kAllowed);
  EXPECT_EQ(code_of(may_pin(message, {kAnna, Type::self, Role::member})), kAllowed);
  EXPECT_EQ(code_of(may_pin(message, {kAnna, Type::group, Role::member})), permission_denied);
  EXPECT_EQ(code_of(may_pin(message, {kBert, Type::group, Role::admin})), kAllowed);
  EXPECT_EQ(code_of(may_pin(message, {kBert, Type::group, Role::owner})), kAllowed);
  EXPECT_EQ(code_of(may_pin(recalled(kAnna), {kAnna})), message_recalled);
  EXPECT_EQ(code_of(may_pin(message_of({}), {kAnna})), invalid_argument);
}

TEST(MayReactAndQuote, NotToWhatIsGoneOrTheServersOwn) {
  EXPECT_EQ(code_of(may_react(message_of(kAnna))), kAllowed);
  EXPECT_EQ(code_of(may_react(recalled(kAnna))), message_recalled);
  EXPECT_EQ(may_react(message_of({})).error().field, "seq");
  EXPECT_EQ(code_of(may_quote(message_of(kAnna))), kAllowed);
  EXPECT_EQ(code_of(may_quote(recalled(kAnna))), message_recalled);
  EXPECT_EQ(may_quote(message_of({})).error().field, "quote_seq");
}

TEST(MayMentionAll, ModeratorsOfAGroup) {
  EXPECT_EQ(code_of(may_mention_all({kAnna, Type::group, Role::admin})), kAllowed);
  EXPECT_EQ(code_of(may_mention_all({kAnna, Type::group, Role::member})), permission_denied);
  EXPECT_EQ(code_of(may_mention_all({kAnna, Type::direct, Role::owner})), permission_denied);
}

TEST(StopsChanges, OnlyWhoIsMutedMayStillTakeBackReactAndPin) {
  for (const ErrorCode code : {muted, all_muted}) EXPECT_FALSE(stops_changes(Error(code)));
  for (const ErrorCode code : {not_found, not_member, account_disabled, group_disabled, group_dissolved}) {
    EXPECT_TRUE(stops_changes(Error(code)));
  }
}

TEST(Emoji, IsShortTextWithoutControls) {
  for (const char* good : {"👍", "❤️", "👨‍👩‍👧‍👦", "ok", ":goose:", "鸿"})
    EXPECT_TRUE(check_emoji(good)) << good;
  EXPECT_TRUE(check_emoji(std::string(32, 'x')));
  for (const std::string& bad : {std::string(), std::string(33, 'x'), std::string("\xff"), std::string("a\n"),
                                 std::string("\x7f"), std::string("a\0b", 3), std::string("\xc2\x85")}) {
    const auto result = check_emoji(bad);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().field, "emoji");
  }
}

TEST(Quote, IsASnapshotWithLongTextCutBetweenCharacters) {
  StoredMessage message = message_of(kAnna);
  EXPECT_EQ(quote_of(message).content().text().text(), "words");
  EXPECT_EQ(quote_of(message).seq(), 1);
  EXPECT_EQ(quote_of(message).sender_id(), kAnna.value);
  std::string geese;
  for (std::size_t i = 0; i < kMaxQuoteCharacters; ++i) geese += "🪿";
  message.content = testing::text(geese + "鸿雁");
  EXPECT_EQ(quote_of(message).content().text().text(), geese);
  message.content = testing::text(geese);
  EXPECT_EQ(quote_of(message).content().text().text(), geese);
  message.content.mutable_merged()->set_title("talk");
  message.content.mutable_merged()->add_items();
  EXPECT_EQ(quote_of(message).content().merged().title(), "talk");
  EXPECT_EQ(quote_of(message).content().merged().items_size(), 0);
}

TEST(Mine, AreTheReadersOwnEmojis) {
  StoredMessage message = message_of(kAnna);
  message.reactions = {{"👍", {{kBert, {}}, {kAnna, {}}}}, {"🪿", {{kBert, {}}}}, {"鸿", {{kAnna, {}}}}};
  EXPECT_EQ(mine_of(message, kAnna), (std::vector<std::string>{"👍", "鸿"}));
  EXPECT_TRUE(mine_of(message, UserId(99)).empty());
  EXPECT_EQ(to_proto(StoredMessage(message), kBert).mine_size(), 2);
  EXPECT_EQ(to_proto(message).mine_size(), 0);
}

}  // namespace
}  // namespace hongyan::message
