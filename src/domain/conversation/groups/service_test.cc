#include "domain/conversation/groups/service.h"

#include <gtest/gtest.h>

#include "base/testing/memory_ceiling.h"
#include "domain/conversation/testing/group_world.h"

namespace hongyan::conversation {
namespace {

// Acknowledges bumps when the test says so.
class SlowListener final : public wire::PermissionListener {
 public:
  void drop_user(UserId, std::move_only_function<void()> done) override { done(); }
  void drop_conversation(ConversationId conversation, std::move_only_function<void()> done) override {
    std::unique_lock lock(mutex_);
    bumped_.push_back(conversation);
    if (holding_) {
      held_.push_back(std::move(done));
      came_.notify_all();
      return;
    }
    lock.unlock();
    done();
  }
  void hold() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
  }
  void await_held() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return !held_.empty(); });
  }
  void release() {
    std::vector<std::move_only_function<void()>> held;
    {
      const std::lock_guard lock(mutex_);
      holding_ = false;
      held.swap(held_);
    }
    for (auto& done : held) done();
  }
  std::size_t bumps() {
    const std::lock_guard lock(mutex_);
    return bumped_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<ConversationId> bumped_;
  std::vector<std::move_only_function<void()>> held_;
  bool holding_ = false;
};

class GroupServiceTest : public testing::GroupWorld {
 protected:
  void SetUp() override {
    ASSERT_TRUE(ids_.start());
    permissions_.add(listener_);
    for (std::uint64_t user = 1; user <= 500; ++user) accounts_.add(UserId(user));
    accounts_.add(UserId(600), false);
  }
  static std::vector<UserId> users(std::uint64_t from, std::uint64_t to) {
    std::vector<UserId> range;
    for (std::uint64_t user = from; user <= to; ++user) range.emplace_back(user);
    return range;
  }
  GroupChange make(std::vector<UserId> members, std::size_t max = 2000) {
    return run(service_.create({kOwner, "Team", std::move(members), max}, soon())).value();
  }

  ManualClock clock_;
  MemoryCeiling ceiling_;
  IdGenerator ids_{0, clock_, ceiling_};
  account::testing::FakeAccounts accounts_;
  SlowListener listener_;
  wire::PermissionHub permissions_;
  std::atomic<int> committed_{0};
  GroupService service_{{groups_, accounts_, ids_, clock_, permissions_, [this](ConversationId) { ++committed_; }}};
};

TEST_F(GroupServiceTest, WhoDoesNotExistOrIsDisabledIsNamedAndTheOthersComeOnce) {
  const GroupChange change = make({UserId(2), UserId(2), kOwner, UserId(600), UserId(777), UserId(3)});
  EXPECT_EQ(change.group.member_count, 3);
  EXPECT_EQ(change.failed,
            (std::vector<NotAdded>{{UserId(600), ErrorCode::not_found}, {UserId(777), ErrorCode::not_found}}));
}

TEST_F(GroupServiceTest, ManyMembersComeInSeveralTransactionsOfTwoHundred) {
  const GroupChange change = make(users(2, 450));
  EXPECT_EQ(change.group.member_count, 450);
  EXPECT_TRUE(change.failed.empty());
  const auto told = lines(change.group.id);
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[0].line.join.size(), 200u);
  EXPECT_EQ(told[1].line.join.size(), 200u);
  EXPECT_EQ(told[2].line.join.size(), 50u);
  EXPECT_EQ(change.line, told[2].id);
  EXPECT_EQ(listener_.bumps(), 3u);
  EXPECT_EQ(committed_, 3);

  const GroupChange more = run(service_.add({change.group.id, UserId(2), users(2, 500), 2000}, soon())).value();
  EXPECT_EQ(more.group.member_count, 500);
  EXPECT_EQ(more.failed.size(), 449u);
}

TEST_F(GroupServiceTest, WhoDoesNotFitIsNamed) {
  const GroupChange change = make(users(2, 260), 230);
  EXPECT_EQ(change.group.member_count, 230);
  ASSERT_EQ(change.failed.size(), 30u);
  EXPECT_EQ(change.failed[0], (NotAdded{UserId(231), ErrorCode::group_full}));
}

TEST_F(GroupServiceTest, AChangeIsAnsweredOnceEverySequencerKnows) {
  const ConversationId id = make({UserId(2)}).group.id;
  listener_.hold();
  auto removal = async::start(io_.context(0).get_executor(), service_.remove(id, kOwner, UserId(2), soon()));
  listener_.await_held();
  EXPECT_EQ(removal.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  listener_.release();
  EXPECT_TRUE(removal.get());
}

TEST_F(GroupServiceTest, WithoutAnAcknowledgementItEndsAtTheDeadline) {
  const ConversationId id = make({UserId(2)}).group.id;
  listener_.hold();
  const auto late = run(service_.leave(id, UserId(2), async::deadline_in(std::chrono::milliseconds(100))));
  EXPECT_EQ(late.error().code, ErrorCode::timeout);
  listener_.release();
  EXPECT_EQ(run(service_.get(id, UserId(2), soon())).error().code, ErrorCode::not_member) << "it was done all the same";
}

TEST_F(GroupServiceTest, StrangersAndFormerMembersSeeNothing) {
  const ConversationId id = make({UserId(2), UserId(3)}).group.id;
  ASSERT_TRUE(run(service_.leave(id, UserId(3), soon())));
  EXPECT_EQ(run(service_.get(id, UserId(2), soon())).value().member_count, 2);
  EXPECT_EQ(run(service_.members(id, UserId(2), {.limit = 10}, soon())).value().size(), 2u);
  for (const auto& [user, refused] :
       {std::pair(UserId(3), ErrorCode::not_member), std::pair(UserId(9), ErrorCode::not_found)}) {
    EXPECT_EQ(run(service_.get(id, user, soon())).error().code, refused);
    EXPECT_EQ(run(service_.members(id, user, {.limit = 10}, soon())).error().code, refused);
    EXPECT_EQ(run(service_.add({id, user, {UserId(4)}, 10}, soon())).error().code, refused);
  }
}

}  // namespace
}  // namespace hongyan::conversation
