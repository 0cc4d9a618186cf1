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

Task<milliseconds> pausing(milliseconds pause) { co_return pause; }

struct Turns {
  std::atomic<int> begun = 0;
  std::atomic<int> ended = 0;
};

Task<milliseconds> held_up(BlockingPool& pool, std::shared_future<void> released, Turns& turns) {
  (void)co_await pool.run(deadline_in(kPatience), [&released] {
    released.wait();
    return Result<void>();
  });
  ++turns.ended;
  co_return milliseconds(0);
}

TEST(Periodic, TurnsFollowEachOtherAfterThePauseThatEachAsksFor) {
  IoThreads io(1);
  std::promise<void> third;
  int turns = 0;
  Periodic periodic(io.context(0).get_executor(), [&] {
    if (++turns == 3) third.set_value();
    return pausing(turns < 3 ? milliseconds(0) : std::chrono::hours(1));
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
  Turns turns;
  Periodic periodic(io.context(0).get_executor(), [&] {
    if (++turns.begun == 1) begun.set_value();
    return held_up(pool, released, turns);
  });
  periodic.start(milliseconds(0));
  begun.get_future().get();
  auto stopped = std::async(std::launch::async, [&] { periodic.stop(kPatience); });
  release.set_value();
  stopped.get();
  EXPECT_EQ(turns.ended, turns.begun);
}

TEST(Periodic, MayGoRightAfterItWasStopped) {
  IoThreads io(1);
  for (int round = 0; round < 200; ++round) {
    Periodic periodic(io.context(0).get_executor(), [] { return pausing(milliseconds(0)); });
    periodic.start(milliseconds(0));
    periodic.stop(kPatience);
  }
}

TEST(Periodic, OneThatNeverBeganStopsToo) {
  IoThreads io(1);
  Periodic periodic(io.context(0).get_executor(), [] { return pausing(milliseconds(0)); });
  periodic.stop(kPatience);
  periodic.stop(kPatience);
}

}  // namespace
}  // namespace hongyan::async
