#include "infra/async/loop.h"

#include <gtest/gtest.h>

#include <thread>

#include "infra/async/pending.h"

namespace hongyan::async {
namespace {

using namespace std::chrono_literals;

class LoopTest : public ::testing::Test {
 protected:
  void turn() {
    context_.restart();
    context_.poll();
  }

  boost::asio::io_context context_;
  Loop& loop_ = Loop::of(context_.get_executor());
};

TEST_F(LoopTest, RunsWhatIsPostedInOrderAndLater) {
  std::vector<int> order;
  loop_.post([&] {
    order.push_back(1);
    loop_.post([&] { order.push_back(3); });
  });
  loop_.post([&] { order.push_back(2); });
  EXPECT_TRUE(order.empty());
  turn();
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST_F(LoopTest, WhatIsGatheredComesWhenTheGatheringEnds) {
  std::vector<int> order;
  {
    const Loop::Gathering outer;
    loop_.post([&] { order.push_back(1); });
    {
      const Loop::Gathering inner;
      loop_.post([&] { order.push_back(2); });
    }
    turn();
    EXPECT_TRUE(order.empty());
    loop_.post([&] { order.push_back(3); });
  }
  loop_.post([&] { order.push_back(4); });
  turn();
  EXPECT_EQ(order, (std::vector{1, 2, 3, 4}));
}

TEST_F(LoopTest, WhatIsGatheredStandsBehindWhatWasPosted) {
  std::vector<int> order;
  {
    const Loop::Gathering gathering;
    loop_.post([&] { order.push_back(2); });
    std::thread([&] { loop_.post([&] { order.push_back(1); }); }).join();
  }
  turn();
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST_F(LoopTest, AGatheringGivesEachLoopItsOwn) {
  boost::asio::io_context other;
  std::vector<int> order;
  {
    const Loop::Gathering gathering;
    loop_.post([&] { order.push_back(1); });
    Loop::of(other.get_executor()).post([&] { order.push_back(2); });
  }
  other.poll();
  EXPECT_EQ(order, (std::vector{2}));
  turn();
  EXPECT_EQ(order, (std::vector{2, 1}));
}

TEST_F(LoopTest, ManyThreadsMayPost) {
  constexpr int kThreads = 4;
  constexpr int kEach = 1000;
  int done = 0;
  const auto work = boost::asio::make_work_guard(context_);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < kEach; ++j) {
        loop_.post([&] {
          if (++done == kThreads * kEach) context_.stop();
        });
      }
    });
  }
  context_.run();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, kThreads * kEach);
}

class NotedTimeout final : public Timeout {
 public:
  explicit NotedTimeout(std::function<void()> note) : note_(std::move(note)) {}
  void expire() override { note_(); }

 private:
  std::function<void()> note_;
};

TEST_F(LoopTest, TimeoutsExpireAfterTheirDeadlineAndNotWhenCancelled) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<int> expired;
  NotedTimeout late([&] { expired.push_back(3); });
  NotedTimeout cancelled([&] { expired.push_back(0); });
  NotedTimeout past([&] { expired.push_back(1); });
  // One that is due takes out another that is due.
  NotedTimeout other([&] { expired.push_back(-1); });
  NotedTimeout first([&] {
    expired.push_back(2);
    loop_.cancel(other);
  });
  loop_.expire_at(late, begin + 250ms);
  loop_.expire_at(cancelled, begin + 50ms);
  loop_.expire_at(past, begin - 1s);
  loop_.expire_at(first, begin + 120ms);
  loop_.expire_at(other, begin + 120ms);
  loop_.cancel(cancelled);
  loop_.cancel(cancelled);
  context_.run();
  EXPECT_EQ(expired, (std::vector{1, 2, 3}));
  EXPECT_GE(std::chrono::steady_clock::now(), begin + 250ms);
}

TEST_F(LoopTest, ATimeoutBeyondATurnOfTheWheelIsNotEarly) {
  bool expired = false;
  NotedTimeout far([&] { expired = true; });
  loop_.expire_at(far, std::chrono::steady_clock::now() + 1h);
  NotedTimeout end([&] { context_.stop(); });
  loop_.expire_at(end, std::chrono::steady_clock::now() + 300ms);
  context_.run();
  EXPECT_FALSE(expired);
  loop_.cancel(far);
}

struct Noted {
  explicit Noted(int& ended) : ended_(&ended) {}
  Noted(const Noted&) = delete;
  Noted& operator=(const Noted&) = delete;
  ~Noted() { ++*ended_; }
  int* ended_;
};

Task<int> value_of(Pending<int>& pending, Deadline deadline) {
  co_return (co_await pending.wait(deadline)).value_or(-1);
}

TEST_F(LoopTest, AValueComesFromAnotherThreadOrTooLate) {
  Pending<int> comes(loop_);
  Pending<int> late(loop_);
  auto come = start(context_.get_executor(), value_of(comes, deadline_in(10s)));
  auto lateness = start(context_.get_executor(), value_of(late, deadline_in(50ms)));
  auto give_late = late.giver();
  std::thread giver([give = comes.giver()]() mutable {
    give(7);
    // A repeat does nothing.
    give(8);
  });
  context_.run();
  giver.join();
  EXPECT_EQ(come.get(), 7);
  EXPECT_EQ(lateness.get(), -1);
  give_late(9);
}

TEST_F(LoopTest, AValueThatIsThereAlreadyIsNotWaitedFor) {
  Pending<int> pending(loop_);
  pending.giver()(7);
  auto value = start(context_.get_executor(), value_of(pending, Deadline::min()));
  turn();
  EXPECT_EQ(value.get(), 7);
}

Task<void> wait_for_nothing(Loop& loop, int& ended) {
  const Noted noted(ended);
  Pending<int> never(loop);
  (void)co_await never.wait(Deadline::max());
}

Task<void> hold(int& ended, std::optional<Suspended>& held) {
  const Noted noted(ended);
  co_await suspend([&held](Suspended waiting) { held.emplace(std::move(waiting)); });
}

TEST(Task, WhatStillWaitsEndsWithTheLoop) {
  int ended = 0;
  {
    boost::asio::io_context context;
    Loop& loop = Loop::of(context.get_executor());
    spawn(loop, wait_for_nothing(loop, ended), {});
    context.poll();
    EXPECT_EQ(ended, 0);
  }
  EXPECT_EQ(ended, 1);
}

TEST(Task, WhatNobodyWillResumeEnds) {
  int ended = 0;
  boost::asio::io_context context;
  std::optional<Suspended> held;
  spawn(Loop::of(context.get_executor()), hold(ended, held), {});
  context.poll();
  ASSERT_TRUE(held);
  held.reset();
  EXPECT_EQ(ended, 1);
}

Task<int> thrown() {
  throw std::runtime_error("thrown");
  co_return 1;
}

Task<int> passed_on() { co_return co_await thrown() + 1; }

TEST(Task, ExceptionsPassThrough) {
  boost::asio::io_context context;
  auto result = start(context.get_executor(), passed_on());
  context.run();
  EXPECT_THROW(result.get(), std::runtime_error);
}

Task<void> deep(int depth, int& reached) {
  if (depth > 0) co_await deep(depth - 1, reached);
  ++reached;
}

Task<void> long_loop(int& turns) {
  // Each ends at once: the stack must not grow.
  for (int i = 0; i < 100'000; ++i) co_await deep(2, turns);
}

TEST(Task, ManyThatEndAtOnceTakeNoStack) {
  boost::asio::io_context context;
  int turns = 0;
  auto done = start(context.get_executor(), long_loop(turns));
  context.run();
  done.get();
  EXPECT_EQ(turns, 300'000);
}

Task<void> note_thread(bool& ran) {
  ran = true;
  co_return;
}

TEST(Task, BeginsAtOnceOnItsOwnThreadAndLaterElsewhere) {
  boost::asio::io_context context;
  Loop& loop = Loop::of(context.get_executor());
  bool here = false;
  bool elsewhere = false;
  spawn(loop, note_thread(elsewhere), {});
  EXPECT_FALSE(elsewhere);
  loop.post([&] {
    spawn(loop, note_thread(here), {});
    EXPECT_TRUE(here);
  });
  context.run();
  EXPECT_TRUE(elsewhere);
  EXPECT_TRUE(here);
}

}  // namespace
}  // namespace hongyan::async
