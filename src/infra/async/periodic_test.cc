#include "infra/async/periodic.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "infra/async/blocking_pool.h"
#include "infra/async/io_threads.h"

namespace hongyan::async {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{10'000};

TEST(Periodic, TurnsFollowEachOtherAfterThePauseThatEachAsksFor) {
  IoThreads io(1);
  std::promise<void> third;
  int turns = 0;
  Periodic periodic(io.context(0).get_executor(), [&]() -> Task<milliseconds> {
    if (++turns == 3) third.set_value();
    co_return turns < 3 ? milliseconds(0) : std::chrono::hours(1);
  });
  periodic.start(milliseconds(1));
  third.get_future().get();
  periodic.stop(kPatience);
  EXPECT_EQ(turns, 3);
}

TEST(Periodic, StopWaitsForTheTurnUnderWay) {
  IoThreads io(1);
  BlockingPool pool("test", 1, 10);
  std::promise<void> begun;
  std::promise<void> release;
  const auto released = release.get_future().share();
  std::atomic<int> begun_turns = 0;
  std::atomic<int> ended_turns = 0;
  Periodic periodic(io.context(0).get_executor(), [&]() -> Task<milliseconds> {
    if (++begun_turns == 1) begun.set_value();
    (void)co_await pool.run(deadline_in(kPatience), [&] {
      released.wait();
      return Result<void>();
    });
    ++ended_turns;
    co_return milliseconds(0);
  });
  periodic.start(milliseconds(0));
  begun.get_future().get();
  auto stopped = std::async(std::launch::async, [&] { periodic.stop(kPatience); });
  release.set_value();
  stopped.get();
  EXPECT_EQ(ended_turns, begun_turns);
}

TEST(Periodic, MayGoRightAfterItWasStopped) {
  IoThreads io(1);
  for (int round = 0; round < 200; ++round) {
    Periodic periodic(io.context(0).get_executor(), []() -> Task<milliseconds> { co_return milliseconds(0); });
    periodic.start(milliseconds(0));
    periodic.stop(kPatience);
  }
}

TEST(Periodic, OneThatNeverBeganStopsToo) {
  IoThreads io(1);
  Periodic periodic(io.context(0).get_executor(), []() -> Task<milliseconds> { co_return milliseconds(0); });
  periodic.stop(kPatience);
  periodic.stop(kPatience);
}

}  // namespace
}  // namespace hongyan::async
