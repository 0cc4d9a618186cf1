// Many things happen to one group at once: whatever comes first, what must hold holds.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "domain/conversation/testing/group_world.h"
#include "domain/group/sql_store.h"

namespace hongyan::group {
namespace {

using conversation::JoinMode;
using conversation::Member;
using conversation::OutboxLine;
using conversation::Role;

constexpr std::int64_t kMax = 8;
constexpr std::uint64_t kPeople = 12;
constexpr int kRounds = 1000;
// At once in a round.
constexpr int kActs = 5;

class GroupRaces : public conversation::testing::GroupWorld {
 protected:
  UserId somebody() { return UserId(1 + random_() % kPeople); }

  // One act of somebody on somebody, begun on a thread of its own choice. What is refused is refused.
  std::future<void> act() {
    const UserId by = somebody();
    const UserId user = somebody();
    const TimeMs now(++time_);
    switch (random_() % 9) {
      case 0: return begin(groups_.add({kGroup, by, {user}, kMax, now}, hook(), soon()));
      case 1: return begin(groups_.remove({kGroup, by, user, now}, hook(), soon()));
      case 2: return begin(groups_.leave({kGroup, by, by, now}, hook(), soon()));
      case 3: return begin(groups_.set_role({kGroup, by, user, now}, Role::admin, hook(), soon()));
      case 4: return begin(groups_.set_role({kGroup, by, user, now}, Role::member, hook(), soon()));
      case 5: return begin(groups_.transfer({kGroup, by, user, now}, hook(), soon()));
      case 6: return begin(doors_.join({kGroup, user, {}, {}, kMax, now}, hook(), soon()));
      case 7: return begin(doors_.accept({kGroup, by, user, kMax, now}, hook(), soon()));
      default: {
        const JoinMode mode = random_() % 2 == 0 ? JoinMode::open : JoinMode::approval;
        return begin(groups_.edit({kGroup, by, by, now}, {.join_mode = mode}, hook(), soon()));
      }
    }
  }
  template <class T>
  std::future<void> begin(async::Task<Result<T>> task) {
    return async::start(io_.next().get_executor(), forget(std::move(task)));
  }
  template <class T>
  static async::Task<void> forget(async::Task<Result<T>> task) {
    const auto result = co_await std::move(task);
    if (!result) EXPECT_NE(result.error().code, ErrorCode::internal) << result.error().detail;
  }

  // Takes the lines that were written since: who is in the group by what its history tells.
  void read_history() {
    std::vector<conversation::OutboxId> seen;
    for (const OutboxLine& one : lines()) {
      for (const UserId user : one.line.join) EXPECT_TRUE(told_.insert(user).second) << "who is in it joins again";
      for (const UserId user : one.line.leave) EXPECT_EQ(told_.erase(user), 1u) << "who is not in it leaves";
      seen.push_back(one.id);
    }
    ASSERT_TRUE(run(outbox_.done(seen, soon())));
  }
  void check() {
    const std::vector<Member> present = members();
    std::set<UserId> users;
    for (const Member& member : present) EXPECT_TRUE(users.insert(member.user).second) << "two places of one";
    const auto group =
        database_.database().read_now([&](sql::Session& session) { return groups_.group_in(session, kGroup); });
    ASSERT_TRUE(group && *group);
    EXPECT_EQ((*group)->member_count, std::ssize(present));
    EXPECT_LE(std::ssize(present), kMax);
    const auto owners = std::ranges::count(present, Role::owner, &Member::role);
    EXPECT_EQ(owners, present.empty() ? 0 : 1);
    if (owners == 1) EXPECT_EQ(present.front().user, (*group)->owner);
    EXPECT_EQ(users, told_) << "the history tells something else";
  }

  std::mt19937 random_{7};
  std::int64_t time_ = 100;
  std::set<UserId> told_;
  SqlStore doors_{database_.database(), events_, groups_};
};

TEST_F(GroupRaces, WhateverComesFirst) {
  create({UserId(2), UserId(3)});
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    std::vector<std::future<void>> acts;
    for (int i = 0; i < kActs; ++i) acts.push_back(act());
    for (auto& one : acts) one.get();
    read_history();
    check();
    if (!members().empty()) continue;
    // The last one has dissolved it: another one takes its place.
    ASSERT_TRUE(database_.database().write_now([](sql::Transaction& transaction) -> Result<void> {
      HY_TRY(transaction.execute("DELETE FROM members"));
      HY_TRY(transaction.execute("DELETE FROM group_requests"));
      HY_TRY(transaction.execute("DELETE FROM conversations"));
      return {};
    }));
    create({UserId(2), UserId(3)});
  }
}

}  // namespace
}  // namespace hongyan::group
