#include "domain/contact/service.h"

#include <gtest/gtest.h>

#include "domain/contact/testing/world.h"

namespace hongyan::contact {
namespace {

using testing::kAlice;
using testing::kBob;
using testing::kCarol;
using testing::kDisabled;

class ContactServiceTest : public testing::World {};

TEST_F(ContactServiceTest, NobodyAsksThemselvesOrWhoIsNotThere) {
  EXPECT_EQ(ask(kAlice, kAlice).error().field, "user_id");
  EXPECT_EQ(ask(kAlice, UserId(99)).error().code, ErrorCode::not_found);
  EXPECT_EQ(ask(kAlice, kDisabled).error().code, ErrorCode::not_found);
  EXPECT_EQ(block(kAlice, kAlice).error().field, "user_id");
  EXPECT_EQ(block(kAlice, UserId(99)).error().code, ErrorCode::not_found);
}

TEST_F(ContactServiceTest, TextsAreTrimmedAndChecked) {
  EXPECT_EQ(ask(kAlice, kBob, "  hi ").value().request->message, "hi");
  EXPECT_EQ(ask(kAlice, kBob, std::string(201, 'x')).error().field, "message");
  EXPECT_EQ(ask(kAlice, kBob, "", "a\nb").error().field, "remark");
  const RequestId request = asked(kAlice, kBob);
  EXPECT_EQ(accept(kBob, request, std::string(65, 'x')).error().field, "remark");
  ASSERT_TRUE(accept(kBob, request));
  EXPECT_EQ(run(service_.update(kAlice, kBob, {std::string(65, 'x'), {}, {}}, soon())).error().field, "remark");
  EXPECT_EQ(run(service_.update(kAlice, kBob, {{}, std::vector<std::string>{""}, {}}, soon())).error().field, "tags");
}

TEST_F(ContactServiceTest, FriendsAreNotAskedAgain) {
  friends(kAlice, kBob);
  EXPECT_EQ(ask(kAlice, kBob).error().code, ErrorCode::already_exists);
  EXPECT_EQ(ask(kBob, kAlice).error().code, ErrorCode::already_exists);
}

TEST_F(ContactServiceTest, WhoLetsNobodyAskIsAskedOnlyByThoseTheyAskThemselves) {
  for (const account::Audience audience : {v1::AUDIENCE_CONTACTS, v1::AUDIENCE_NOBODY}) {
    privacy_.set(kBob, {.add_me = audience});
    EXPECT_EQ(ask(kCarol, kBob).error().code, ErrorCode::permission_denied);
  }
  ASSERT_TRUE(ask(kBob, kAlice));
  EXPECT_TRUE(ask(kAlice, kBob).value().friendship) << "Bob has asked";
  ASSERT_TRUE(run(service_.remove(kAlice, kBob, soon())));
  EXPECT_TRUE(ask(kAlice, kBob).value().friendship) << "Bob still has Alice on the list";
}

TEST_F(ContactServiceTest, ANewFriendshipWaitsForItsLineButNotForLong) {
  const auto before = async::deadline_in(Service::kLinePatience);
  const Friendship made = friends(kAlice, kBob);
  ASSERT_EQ(lines_waited_for_.awaited.size(), 1u) << "and the failed wait was not held against it";
  EXPECT_EQ(lines_waited_for_.awaited[0].first, made.line);
  EXPECT_GE(lines_waited_for_.awaited[0].second, before);
  EXPECT_LE(lines_waited_for_.awaited[0].second, async::deadline_in(Service::kLinePatience));
}

TEST_F(ContactServiceTest, ListsGoOnWhereAPageEndedAndNameTheirPeople) {
  for (std::uint64_t user = 10; user < 15; ++user) {
    accounts_.add(UserId(user));
    ASSERT_TRUE(run(service_.befriend(kAlice, UserId(user), soon())));
    ASSERT_TRUE(block(kAlice, UserId(user)));
    clock_.advance(std::chrono::milliseconds(1));
    ASSERT_TRUE(ask(kBob, UserId(user)));
  }
  const auto walk = [&](const auto& page_at) {
    std::vector<std::uint64_t> seen;
    std::string cursor;
    do {
      const auto page = page_at(cursor);
      EXPECT_EQ(page.users.size(), page.items.size());
      for (const account::UserCard& card : page.users) seen.push_back(card.user_id.value);
      cursor = page.next_cursor.value_or("");
    } while (!cursor.empty());
    return seen;
  };
  const auto contacts =
      walk([&](std::string cursor) { return run(service_.list({kAlice, 2, std::move(cursor)}, soon())).value(); });
  EXPECT_EQ(contacts, (std::vector<std::uint64_t>{10, 11, 12, 13, 14}));
  const auto blocked =
      walk([&](std::string cursor) { return run(service_.blocked({kAlice, 2, std::move(cursor)}, soon())).value(); });
  EXPECT_EQ(blocked, (std::vector<std::uint64_t>{10, 11, 12, 13, 14}));
  const auto sent = walk([&](std::string cursor) {
    return run(service_.requests({kBob, 2, std::move(cursor)}, Direction::sent, soon())).value();
  });
  EXPECT_EQ(sent.size(), 5u);
  EXPECT_GE(sent.front(), 13u) << "the newest first";
}

TEST_F(ContactServiceTest, ACursorBelongsToItsListAndItsReader) {
  for (std::uint64_t user = 10; user < 13; ++user) {
    accounts_.add(UserId(user));
    ASSERT_TRUE(run(service_.befriend(kAlice, UserId(user), soon())));
  }
  const std::string cursor = *run(service_.list({kAlice, 2, {}}, soon())).value().next_cursor;
  EXPECT_EQ(run(service_.list({kBob, 2, cursor}, soon())).error().field, "cursor");
  EXPECT_EQ(run(service_.blocked({kAlice, 2, cursor}, soon())).error().field, "cursor");
  EXPECT_EQ(run(service_.requests({kAlice, 2, cursor}, Direction::sent, soon())).error().field, "cursor");
}

TEST_F(ContactServiceTest, BefriendingTwiceChangesNothing) {
  ASSERT_TRUE(run(service_.befriend(kAlice, kBob, soon())));
  EXPECT_EQ(events().size(), 2u);
  ASSERT_TRUE(run(service_.befriend(kBob, kAlice, soon())));
  EXPECT_TRUE(events().empty());
  EXPECT_TRUE(relation(kAlice, kBob).friends);
}

}  // namespace
}  // namespace hongyan::contact
