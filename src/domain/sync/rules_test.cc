#include "domain/sync/rules.h"

#include <gtest/gtest.h>

namespace hongyan::sync {
namespace {

message::Summary summary(std::uint64_t conversation, std::int64_t time) {
  message::Summary out;
  out.conversation = ConversationId(conversation);
  out.time = TimeMs(time);
  return out;
}

TEST(PageOrder, LastActivityFirstAndPagesMeetWithoutHoleOrRepeat) {
  const std::vector all{summary(1, 10), summary(2, 30), summary(3, 30), summary(4, 0), summary(5, 20)};
  std::vector<std::uint64_t> seen;
  std::optional<Position> after;
  for (int page = 0; page < 3; ++page) {
    const PageOrder order = page_of(all, {}, after, 2);
    EXPECT_EQ(order.more, page < 2);
    for (const std::size_t index : order.indexes) {
      seen.push_back(all[index].conversation.value);
      after = position_of(all[index], {});
    }
  }
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{3, 2, 5, 1, 4}));
}

TEST(PageOrder, PinnedOnesComeFirstAndHiddenOnesNotAtAllUntilSomethingCame) {
  std::vector all{summary(1, 10), summary(2, 30), summary(3, 20), summary(4, 40)};
  for (message::Summary& one : all) one.head = Seq(5);
  SettingsBy settings;
  settings[ConversationId(1)].pinned = true;
  settings[ConversationId(2)].hidden_up_to = Seq(5);
  settings[ConversationId(3)].hidden_up_to = Seq(4);
  EXPECT_EQ(page_of(all, settings, {}, 9).indexes, (std::vector<std::size_t>{0, 3, 2}));
  const PageOrder rest = page_of(all, settings, position_of(all[0], settings), 9);
  EXPECT_EQ(rest.indexes, (std::vector<std::size_t>{3, 2})) << "behind the pinned one, though it is older";
}

TEST(Unread, CountsWhatIsListedAndNotMuted) {
  std::vector all{summary(1, 1), summary(2, 1), summary(3, 1), summary(4, 1), summary(5, 1)};
  all[0].unread = 3;
  all[1].unread = 7;
  all[3].unread = 2;
  all[4].unread = 5;
  all[4].head = Seq(5);
  SettingsBy settings;
  settings[ConversationId(2)].muted = true;
  settings[ConversationId(3)].marked_unread = true;
  settings[ConversationId(4)].marked_unread = true;
  settings[ConversationId(5)].hidden_up_to = Seq(5);
  EXPECT_EQ(total_unread(all, settings), 3 + 1 + 2);
  EXPECT_EQ(total_unread(all, {}), 17);
}

TEST(Position, SurvivesItsText) {
  const Position position{true, TimeMs(1'750'000'000'000), ConversationId(18446744073709551615ull)};
  const auto back = position_from(to_text(position));
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->pinned);
  EXPECT_EQ(back->time, position.time);
  EXPECT_EQ(back->conversation, position.conversation);
  for (const char* text : {"", ",", "1", "1,", "x,1", "1,2", "1,2,", "1,x,2", "1,2,3x"})
    EXPECT_FALSE(position_from(text)) << text;
}

TEST(ToProto, ShowsThePeerAndTheMarks) {
  const conversation::Membership membership{ConversationId(9), UserId(1), conversation::Type::direct,
                                            conversation::State::normal, UserId(2)};
  message::Summary head = summary(9, 5);
  head.head = Seq(7);
  head.read = Seq(3);
  head.unread = 4;
  head.peer_read = Seq(6);
  account::UserCard peer;
  peer.nickname = "Bob";
  const v1::Conversation out = to_proto(membership, head, &peer, std::nullopt, {});
  EXPECT_EQ(out.title(), "Bob");
  EXPECT_EQ(out.type(), v1::CONVERSATION_TYPE_DIRECT);
  EXPECT_EQ(out.state(), v1::CONVERSATION_STATE_NORMAL);
  EXPECT_EQ(out.peer_user_id(), 2u);
  EXPECT_EQ(out.seq(), 7);
  EXPECT_EQ(out.unread(), 4);
  EXPECT_EQ(out.peer_read_seq(), 6);
  EXPECT_FALSE(out.has_peer_delivered_seq());
  EXPECT_FALSE(out.has_mentioned_seq());
  EXPECT_FALSE(out.has_last_message());
  EXPECT_FALSE(out.has_joined_seq());
  EXPECT_FALSE(out.has_group_version());
}

TEST(ToProto, AGroupShowsItsNameAndTheOwnPlace) {
  conversation::Membership place{ConversationId(9),           UserId(1),    conversation::Type::group,
                                 conversation::State::normal, std::nullopt, conversation::Role::admin};
  message::Summary named = summary(9, 5);
  named.mentioned = Seq(4);
  EXPECT_EQ(to_proto(place, named, nullptr, std::nullopt, {}).mentioned_seq(), 4);
  place.muted_until = TimeMs(77);
  place.name = "Team";
  place.group_version = 4;
  const v1::Conversation present = to_proto(place, summary(9, 5), nullptr, message::Bound{Seq(3), Seq(0)}, {});
  EXPECT_EQ(present.title(), "Team");
  EXPECT_EQ(present.my_role(), v1::GROUP_ROLE_ADMIN);
  EXPECT_EQ(present.muted_until_ms(), 77);
  EXPECT_EQ(present.joined_seq(), 3);
  EXPECT_EQ(present.group_version(), 4);
  EXPECT_FALSE(present.has_peer_user_id());
  place.former = true;
  const v1::Conversation former = to_proto(place, summary(9, 5), nullptr, message::Bound{Seq(3), Seq(6)}, {});
  EXPECT_EQ(former.my_role(), v1::GROUP_ROLE_UNSPECIFIED);
  EXPECT_FALSE(former.has_muted_until_ms());
  EXPECT_EQ(former.joined_seq(), 3);
}

}  // namespace
}  // namespace hongyan::sync
