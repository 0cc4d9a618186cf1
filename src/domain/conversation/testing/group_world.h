// The group store on a real database, driven by one test thread.
#pragma once

#include <gtest/gtest.h>

#include <atomic>

#include "base/clock.h"
#include "domain/account/testing/fakes.h"
#include "domain/conversation/groups/sql_store.h"
#include "domain/conversation/outbox/sql_store.h"
#include "domain/conversation/sql_store.h"
#include "infra/async/io_threads.h"
#include "infra/sql/migrations.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::conversation::testing {

// Lives in a test, on its thread.
class GroupWorld : public ::testing::Test {
 protected:
  static constexpr ConversationId kGroup{10};
  static constexpr UserId kOwner{1};

  GroupWorld() { EXPECT_TRUE(sql::migrate(database_.database(), SystemClock())); }

  static async::Deadline soon() { return async::deadline_in(std::chrono::seconds(10)); }
  template <class T>
  T run(async::Task<T> task) {
    return async::start(io_.context(0).get_executor(), std::move(task)).get();
  }
  AfterCommit hook() {
    return [this] { ++commits_; };
  }

  // Group kGroup of kOwner and these others, made at time 1.
  GroupChange create(std::vector<UserId> members, ConversationId id = kGroup) {
    return run(groups_.create({id, kOwner, "Team", std::move(members), TimeMs(1)}, hook(), soon())).value();
  }
  Result<GroupChange> add(UserId by, std::vector<UserId> users, std::int64_t max = 2000, TimeMs now = TimeMs(2)) {
    return run(groups_.add({kGroup, by, std::move(users), max, now}, hook(), soon()));
  }
  Result<GroupChange> remove(UserId by, UserId user, TimeMs now = TimeMs(3)) {
    return run(groups_.remove({kGroup, by, user, now}, hook(), soon()));
  }
  Result<GroupChange> leave(UserId user, TimeMs now = TimeMs(4)) {
    return run(groups_.leave({kGroup, user, user, now}, hook(), soon()));
  }
  Result<GroupChange> set_role(UserId by, UserId user, Role role) {
    return run(groups_.set_role({kGroup, by, user, TimeMs(5)}, role, hook(), soon()));
  }
  Result<GroupChange> edit(UserId by, GroupEdit edit) {
    return run(groups_.edit({kGroup, by, by, TimeMs(6)}, std::move(edit), hook(), soon()));
  }
  Result<GroupChange> edit_member(UserId by, UserId user, MemberEdit edit) {
    return run(groups_.edit_member({kGroup, by, user, TimeMs(6)}, std::move(edit), hook(), soon()));
  }
  Result<GroupChange> transfer(UserId by, UserId user) {
    return run(groups_.transfer({kGroup, by, user, TimeMs(6)}, hook(), soon()));
  }
  Result<GroupChange> dissolve(UserId by) { return run(groups_.dissolve({kGroup, by, by, TimeMs(6)}, hook(), soon())); }
  std::optional<Membership> place(UserId user) { return run(store_.membership(kGroup, user, soon())).value(); }
  std::vector<OutboxLine> lines(ConversationId id = kGroup) { return run(outbox_.waiting_of(id, 100, soon())).value(); }
  std::vector<Member> members(std::optional<MemberPosition> after = {}, std::size_t limit = 100) {
    return run(groups_.members(kGroup, {after, limit, {}}, soon())).value();
  }
  std::int64_t guard_version() {
    return database_.database()
        .read_now([](sql::Session& session) -> Result<std::int64_t> {
          HY_TRY(const auto row,
                 session.query_one<std::int64_t>(
                     "SELECT permission_version FROM conversations WHERE conversation_id = :id", kGroup));
          return std::get<0>(*row);
        })
        .value();
  }

  // First, so that it outlives the pools: what they finish resumes here.
  async::IoThreads io_{2};
  sql::testing::TemporaryDatabase database_;
  account::testing::NotedEvents events_;
  SqlStore store_{database_.database(), events_};
  SqlGroupStore groups_{database_.database(), events_};
  SqlOutbox outbox_{database_.database()};
  // Hooks that ran.
  std::atomic<int> commits_{0};
};

}  // namespace hongyan::conversation::testing
