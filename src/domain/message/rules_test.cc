#include "domain/message/rules.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "domain/message/testing/builders.h"
#include "domain/message/testing/cast.h"

namespace hongyan::message {
namespace {

using testing::code_of;
using testing::text;

TEST(OtherPerson, IsThatOfAOneToOneOnly) {
  conversation::Membership place;
  place.user = UserId(1);
  place.peer = UserId(2);
  EXPECT_EQ(other_person(place), UserId(2));
  place.type = conversation::Type::group;
  EXPECT_EQ(other_person(place), std::nullopt);
  place.type = conversation::Type::self;
  place.peer = UserId(1);
  EXPECT_EQ(other_person(place), std::nullopt);
}

TEST(ClientMsgId, IsOneTo64OfItsAlphabet) {
  for (const char* good : {"a", "Z", "0", "_", "-", "7f3c-AB_9"}) EXPECT_TRUE(check_client_msg_id(good)) << good;
  EXPECT_TRUE(check_client_msg_id(std::string(64, 'x')));
  for (const char* bad : {"", " ", "a b", "~x", "a.b", "a/b", "鸿", "a\n"}) {
    const auto result = check_client_msg_id(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(result.error().field, "client_msg_id");
  }
  EXPECT_FALSE(check_client_msg_id(std::string(65, 'x')));
}

TEST(Content, NeedsOneKindWithValidText) {
  EXPECT_TRUE(check_content(text("hi 鸿雁 🪿"), {}));
  EXPECT_TRUE(check_content(text(" "), {}));
  EXPECT_EQ(code_of(check_content({}, {})), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(check_content(text(""), {})), ErrorCode::invalid_argument);
  for (const char* bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xe9\xb8", "\xf4\x90\x80\x80"}) {
    const auto result = check_content(text(bad), {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().field, "content.text.text");
  }
}

TEST(Content, IsBounded) {
  EXPECT_TRUE(check_content(text(std::string(65'000, 'x')), {}));
  EXPECT_EQ(code_of(check_content(text(std::string(65'536, 'x')), {})), ErrorCode::too_large);
  EXPECT_EQ(code_of(check_content(text("four"), {.max_bytes = 5})), ErrorCode::too_large);
}

std::string hex(const ContentHash& hash) {
  std::string text;
  for (const std::uint8_t byte : hash) {
    const char* digits = "0123456789abcdef";
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

v1::Mentions mentions(std::vector<std::uint64_t> users, bool all = false) {
  v1::Mentions mentions;
  mentions.mutable_user_ids()->Add(users.begin(), users.end());
  mentions.set_all(all);
  return mentions;
}

// Stored hashes must be recognised for ever. The expected ones were worked out by another program.
TEST(ContentHash, HasAFormThatDoesNotChange) {
  EXPECT_EQ(hex(content_hash(ConversationId(1), text("hello"))),
            "df9bc674b033ebbcd3641198db6c4e12300db736d79fa9c765caf9bc485296cc");
  v1::Content place;
  place.mutable_location()->set_latitude(39.9);
  place.mutable_location()->set_longitude(116.4);
  place.mutable_location()->set_name("北京");
  place.set_fallback("a place");
  EXPECT_EQ(hex(content_hash(ConversationId(2), place, Seq(7), mentions({3, 4}, true))),
            "5b75a36dd5cc14e1541e46801f828303c290a4752f381f081a06018e2f118ae2");
}

TEST(ContentHash, TellsConversationsAndContentsApart) {
  const ContentHash hash = content_hash(ConversationId(1), text("hello"));
  EXPECT_EQ(hash, content_hash(ConversationId(1), text("hello")));
  EXPECT_NE(hash, content_hash(ConversationId(2), text("hello")));
  EXPECT_NE(hash, content_hash(ConversationId(1), text("hello ")));
  v1::Content custom;
  custom.mutable_custom()->set_kind("hello");
  EXPECT_NE(hash, content_hash(ConversationId(1), custom));
  v1::Content with_fallback = text("hello");
  with_fallback.set_fallback("");
  EXPECT_NE(hash, content_hash(ConversationId(1), with_fallback));
}

TEST(ContentHash, TellsQuotesAndMentionsApart) {
  const ContentHash hash = content_hash(ConversationId(1), text("hello"));
  EXPECT_NE(hash, content_hash(ConversationId(1), text("hello"), Seq(1)));
  EXPECT_NE(hash, content_hash(ConversationId(1), text("hello"), {}, mentions({1})));
  EXPECT_NE(content_hash(ConversationId(1), text("hello"), {}, mentions({1})),
            content_hash(ConversationId(1), text("hello"), {}, mentions({2})));
  EXPECT_NE(content_hash(ConversationId(1), text("hello"), {}, mentions({})),
            content_hash(ConversationId(1), text("hello"), {}, mentions({}, true)));
}

TEST(Unread, SubtractsOwnMessages) {
  EXPECT_EQ(unread_between(Ordinal(10), Ordinal(4), Ordinal(20), Ordinal(7)), 7);
  EXPECT_EQ(unread_between(Ordinal(20), Ordinal(7), Ordinal(20), Ordinal(7)), 0);
  // From the mark, or from the lowest kept message where the mark lies below it.
  Head head;
  head.seq = Seq(50);
  head.floor = Seq(20);
  const SeqRange all = visible(Bound{Seq(1), Seq(0)}, Seq(0), head);
  EXPECT_EQ(unread_range(all, Seq(30)), (SeqRange{Seq(30), Seq(50)}));
  EXPECT_EQ(unread_range(all, Seq(3)), (SeqRange{Seq(19), Seq(50)}));
}

TEST(Visible, IsWhatLiesBetweenJoiningAndLeavingAboveWhatWasClearedOrTrimmed) {
  struct Case {
    const char* name;
    std::optional<Bound> bound;
    std::int64_t cleared;
    std::int64_t floor;
    SeqRange expected;
  };
  const auto bound = [](std::int64_t joined, std::int64_t left) { return Bound{Seq(joined), Seq(left)}; };
  const std::vector<Case> cases{
      {"all", bound(1, 0), 0, 1, {Seq(1), Seq(50)}},
      {"joined later", bound(20, 0), 0, 1, {Seq(20), Seq(50)}},
      {"has left", bound(20, 30), 0, 1, {Seq(20), Seq(30)}},
      {"cleared", bound(20, 0), 25, 1, {Seq(26), Seq(50)}},
      {"cleared before joining again", bound(20, 0), 10, 1, {Seq(20), Seq(50)}},
      {"trimmed", bound(20, 0), 25, 40, {Seq(40), Seq(50)}},
      {"cleared everything", bound(1, 0), 50, 1, {Seq(51), Seq(50)}},
      {"trimmed beyond the leaving", bound(20, 30), 0, 40, {Seq(40), Seq(30)}},
      {"never in", std::nullopt, 0, 1, {Seq(1), Seq(0)}},
  };
  for (const Case& one : cases) {
    Head head;
    head.seq = Seq(50);
    head.floor = Seq(one.floor);
    EXPECT_EQ(visible(one.bound, Seq(one.cleared), head), one.expected) << one.name;
  }
}

TEST(FirstMark, IsTheLineOfTheJoinInGroups) {
  using enum conversation::Type;
  const Bound bound{Seq(7), Seq(0)};
  EXPECT_EQ(first_mark(group, bound), Seq(7));
  EXPECT_EQ(first_mark(group, std::nullopt), Seq(0));
  EXPECT_EQ(first_mark(direct, Bound{Seq(1), Seq(0)}), Seq(0));
  EXPECT_EQ(first_mark(self, Bound{Seq(1), Seq(0)}), Seq(0));
}

TEST(Visible, TheTwoOfADirectConversationNeedNoBound) {
  using enum conversation::Type;
  const Bound all{Seq(1), Seq(0)};
  EXPECT_EQ(bound_of(direct, {}), all);
  EXPECT_EQ(bound_of(self, {}), all);
  EXPECT_EQ(bound_of(group, {}), std::nullopt);
  EXPECT_EQ(bound_of(group, Bound{Seq(7), Seq(9)}), (Bound{Seq(7), Seq(9)}));
}

v1::ListMessagesRequest request(std::optional<std::int64_t> before, std::optional<std::int64_t> after,
                                std::optional<std::int64_t> around, std::optional<int> limit = {}) {
  v1::ListMessagesRequest request;
  if (before) request.set_before(*before);
  if (after) request.set_after(*after);
  if (around) request.set_around(*around);
  if (limit) request.set_limit(*limit);
  return request;
}

TEST(PageRequest, AllowsOneOfThreeAndClampsTheLimit) {
  EXPECT_EQ(page_request(request({}, {}, {})).value().limit, 50);
  EXPECT_EQ(page_request(request({}, {}, {}, 7)).value().limit, 7);
  EXPECT_EQ(page_request(request({}, {}, {}, 100'000)).value().limit, 100);
  EXPECT_EQ(page_request(request(5, {}, {})).value().before, Seq(5));
  EXPECT_EQ(page_request(request({}, 0, {})).value().after, Seq(0));
  EXPECT_FALSE(page_request(request(1, 1, {})));
  EXPECT_FALSE(page_request(request({}, 1, 1)));
  EXPECT_FALSE(page_request(request(1, {}, 1)));
  EXPECT_FALSE(page_request(request({}, {}, {}, 0)));
  EXPECT_EQ(page_request(request({}, -1, {})).error().field, "after");
}

SeqRange range_of(const v1::ListMessagesRequest& asked, std::int64_t from, std::int64_t to) {
  return page_range(page_request(asked).value(), {Seq(from), Seq(to)});
}
SeqRange seqs(std::int64_t from, std::int64_t to) { return {Seq(from), Seq(to)}; }

TEST(PageRange, Newest) {
  EXPECT_EQ(range_of(request({}, {}, {}, 10), 1, 100), seqs(91, 100));
  EXPECT_EQ(range_of(request({}, {}, {}, 10), 1, 4), seqs(1, 4));
  EXPECT_EQ(range_of(request({}, {}, {}, 10), 98, 100), seqs(98, 100));
  EXPECT_TRUE(range_of(request({}, {}, {}), 1, 0).empty());
}

TEST(PageRange, BeforeAndAfterAreExclusive) {
  EXPECT_EQ(range_of(request(50, {}, {}, 10), 1, 100), seqs(40, 49));
  EXPECT_EQ(range_of(request(5, {}, {}, 10), 1, 100), seqs(1, 4));
  EXPECT_EQ(range_of(request(1000, {}, {}, 10), 1, 100), seqs(91, 100));
  EXPECT_EQ(range_of(request({}, 50, {}, 10), 1, 100), seqs(51, 60));
  EXPECT_EQ(range_of(request({}, 95, {}, 10), 1, 100), seqs(96, 100));
  EXPECT_EQ(range_of(request({}, 0, {}, 10), 20, 100), seqs(20, 29));
  // What covers nothing keeps its place.
  EXPECT_EQ(range_of(request(1, {}, {}), 1, 100), seqs(1, 0));
  EXPECT_EQ(range_of(request(0, {}, {}), 1, 100), seqs(1, 0));
  EXPECT_EQ(range_of(request({}, 100, {}), 1, 100), seqs(101, 100));
  EXPECT_EQ(range_of(request({}, 500, {}), 1, 100), seqs(101, 100));
}

TEST(PageRange, AroundIsInclusiveAndShiftsAtTheEnds) {
  EXPECT_EQ(range_of(request({}, {}, 50, 10), 1, 100), seqs(45, 54));
  EXPECT_EQ(range_of(request({}, {}, 50, 1), 1, 100), seqs(50, 50));
  EXPECT_EQ(range_of(request({}, {}, 2, 10), 1, 100), seqs(1, 10));
  EXPECT_EQ(range_of(request({}, {}, 99, 10), 1, 100), seqs(91, 100));
  EXPECT_EQ(range_of(request({}, {}, 5000, 10), 1, 100), seqs(91, 100));
  EXPECT_EQ(range_of(request({}, {}, 3, 10), 1, 5), seqs(1, 5));
  EXPECT_TRUE(range_of(request({}, {}, 3, 10), 1, 0).empty());
}

TEST(PageRange, StaysWithinWhatIsVisibleAndTheLimit) {
  EXPECT_TRUE(rc::check([](std::uint8_t low, std::uint8_t length, std::uint8_t place, std::uint8_t kind) {
    PageRequest asked;
    asked.limit = 1 + length % 20;
    const SeqRange all{Seq(1 + low), Seq(low + length)};
    if (kind % 4 == 1) asked.before = Seq(place);
    if (kind % 4 == 2) asked.after = Seq(place);
    if (kind % 4 == 3) asked.around = Seq(place);
    const SeqRange page = page_range(asked, all);
    RC_ASSERT(page.size() <= asked.limit);
    RC_ASSERT(page.to.value >= page.from.value - 1);
    RC_ASSERT(page.from >= all.from && page.to <= all.to);
    if (asked.around && !all.empty()) {
      RC_ASSERT(page.size() == std::min<std::int64_t>(asked.limit, all.size()));
      RC_ASSERT(page.from <= std::clamp(*asked.around, all.from, all.to));
      RC_ASSERT(page.to >= std::clamp(*asked.around, all.from, all.to));
    }
  }));
}

}  // namespace
}  // namespace hongyan::message
