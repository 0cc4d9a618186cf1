#include "domain/conversation/sql_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "domain/account/testing/fakes.h"
#include "infra/async/io_threads.h"
#include "infra/sql/migrations.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::conversation {
namespace {

class SqlStoreTest : public ::testing::Test {
 protected:
  SqlStoreTest() { EXPECT_TRUE(sql::migrate(database.database(), SystemClock())); }

  template <class T>
  T run(async::Task<T> task) {
    return async::start(io.context(0).get_executor(), std::move(task)).get();
  }
  static async::Deadline soon() { return async::deadline_in(std::chrono::seconds(10)); }

  // First, so that it outlives the pools: what they finish resumes here.
  async::IoThreads io{2};
  sql::testing::TemporaryDatabase database;
  account::testing::NotedEvents events;
  SqlStore store{database.database(), events};
};

TEST_F(SqlStoreTest, OneConversationForEachPair) {
  const Pair pair(UserId(5), UserId(3));
  EXPECT_EQ(run(store.find_direct(pair, soon())).value(), std::nullopt);
  EXPECT_EQ(run(store.create_direct(pair, ConversationId(10), TimeMs(1), soon())).value(), ConversationId(10));
  EXPECT_EQ(run(store.create_direct(Pair(UserId(3), UserId(5)), ConversationId(11), TimeMs(2), soon())).value(),
            ConversationId(10));
  EXPECT_EQ(run(store.find_direct(pair, soon())).value(), ConversationId(10));
}

TEST_F(SqlStoreTest, EverybodyAtOnceGetsTheSame) {
  std::vector<std::future<Result<ConversationId>>> opened;
  for (std::uint64_t i = 0; i < 20; ++i) {
    opened.push_back(async::start(
        io.next().get_executor(),
        store.create_direct(Pair(UserId(1 + i % 2), UserId(2 - i % 2)), ConversationId(100 + i), TimeMs(1), soon())));
  }
  std::set<std::uint64_t> ids;
  for (auto& one : opened) ids.insert(one.get().value().value);
  EXPECT_EQ(ids.size(), 1u);
}

TEST_F(SqlStoreTest, MembershipsShowThePeer) {
  ASSERT_TRUE(run(store.create_direct(Pair(UserId(1), UserId(2)), ConversationId(10), TimeMs(1), soon())));
  ASSERT_TRUE(run(store.create_direct(Pair(UserId(1), UserId(1)), ConversationId(11), TimeMs(1), soon())));
  const auto mine = run(store.memberships_of(UserId(1), soon())).value();
  ASSERT_EQ(mine.size(), 2u);
  EXPECT_EQ(mine[0].peer, UserId(2));
  EXPECT_EQ(mine[0].type, Type::direct);
  EXPECT_EQ(mine[1].peer, UserId(1));
  EXPECT_EQ(mine[1].type, Type::self);
  EXPECT_EQ(run(store.place_ids(UserId(1), soon())).value().conversations,
            (std::vector{ConversationId(10), ConversationId(11)}));
  EXPECT_TRUE(run(store.place_ids(UserId(3), soon())).value().conversations.empty());
  EXPECT_EQ(run(store.membership(ConversationId(10), UserId(2), soon())).value()->peer, UserId(1));
  EXPECT_EQ(run(store.membership(ConversationId(10), UserId(3), soon())).value(), std::nullopt);
  EXPECT_EQ(run(store.membership(ConversationId(12), UserId(1), soon())).value(), std::nullopt);
}

TEST_F(SqlStoreTest, PlacesInNamedConversationsOnly) {
  for (const std::uint64_t id : {10, 11, 12}) {
    ASSERT_TRUE(run(store.create_direct(Pair(UserId(1), UserId(id)), ConversationId(id), TimeMs(1), soon())));
  }
  const auto in = [&](std::vector<ConversationId> conversations) {
    std::vector<std::uint64_t> found;
    for (const auto& one : run(store.places_in(UserId(1), std::move(conversations), soon())).value().memberships) {
      EXPECT_EQ(one.peer, UserId(one.conversation.value));
      found.push_back(one.conversation.value);
    }
    return found;
  };
  EXPECT_EQ(in({ConversationId(12), ConversationId(99), ConversationId(10), ConversationId(12)}),
            (std::vector<std::uint64_t>{10, 12}));
  EXPECT_TRUE(in({}).empty());
  EXPECT_TRUE(run(store.places_in(UserId(2), {ConversationId(10)}, soon())).value().memberships.empty());
}

TEST_F(SqlStoreTest, PeopleOfOneConversationAreAcquainted) {
  ASSERT_TRUE(run(store.create_direct(Pair(UserId(1), UserId(2)), ConversationId(10), TimeMs(1), soon())));
  ASSERT_TRUE(run(store.create_direct(Pair(UserId(2), UserId(3)), ConversationId(11), TimeMs(1), soon())));
  const auto acquainted = [&](UserId user, std::vector<UserId> others) {
    auto known = run(store.acquainted(user, std::move(others), soon())).value();
    std::ranges::sort(known);
    return known;
  };
  EXPECT_EQ(acquainted(UserId(2), {UserId(3), UserId(1), UserId(4)}), (std::vector{UserId(1), UserId(3)}));
  EXPECT_EQ(acquainted(UserId(1), {UserId(2), UserId(3)}), std::vector{UserId(2)});
  EXPECT_TRUE(acquainted(UserId(4), {UserId(1)}).empty());
  EXPECT_TRUE(acquainted(UserId(1), {}).empty());
}

}  // namespace
}  // namespace hongyan::conversation
