#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "infra/async/blocking_pool.h"
#include "infra/async/io_threads.h"
#include "infra/async/scope.h"

namespace hongyan::async {
namespace {

template <class T>
T run_on(IoThreads& io, Task<T> task) {
  return start(io.context(0).get_executor(), std::move(task)).get();
}

Task<bool> resumes_at_home(BlockingPool& pool) {
  const auto home = std::this_thread::get_id();
  const auto away = co_await pool.run(deadline_in(std::chrono::seconds(5)),
                                      [] { return Result<std::thread::id>(std::this_thread::get_id()); });
  co_return away.value() != home&& std::this_thread::get_id() == home;
}

TEST(BlockingPool, RunsElsewhereAndResumesAtHome) {
  IoThreads io(2);
  BlockingPool pool("test", 2, 10);
  EXPECT_TRUE(run_on(io, resumes_at_home(pool)));
}

Task<ErrorCode> code_of(BlockingPool& pool, Deadline deadline) {
  const auto result = co_await pool.run(deadline, [] { return Result<int>(1); });
  co_return result ? ErrorCode{} : result.error().code;
}

TEST(BlockingPool, RefusesWhenFullAndTimesOutWhatWaitedTooLong) {
  IoThreads io(1);
  BlockingPool pool("test", 1, 1);
  std::latch started(1);
  std::promise<void> release;
  ASSERT_TRUE(pool.post([&, future = release.get_future().share()] {
    started.count_down();
    future.wait();
  }));
  started.wait();
  auto late = start(io.context(0).get_executor(), code_of(pool, deadline_in(std::chrono::milliseconds(0))));
  while (pool.waiting() == 0) std::this_thread::yield();
  EXPECT_EQ(run_on(io, code_of(pool, deadline_in(std::chrono::seconds(5)))), ErrorCode::unavailable);
  release.set_value();
  EXPECT_EQ(late.get(), ErrorCode::timeout);
}

struct NotesItsEnd {
  ~NotesItsEnd() { *ended_on = std::this_thread::get_id(); }
  std::thread::id* ended_on;
};

Task<void> owns_something(BlockingPool& pool, std::thread::id& ended_on) {
  const auto owned = std::make_unique<NotesItsEnd>(&ended_on);
  (void)co_await pool.run(deadline_in(std::chrono::seconds(5)), [] { return Result<void>(); });
}

// The pool once kept the handler until its thread got round to letting it go; the coroutine then ended there.
TEST(BlockingPool, TheCallersCoroutineEndsAtHome) {
  for (int i = 0; i < 200; ++i) {
    BlockingPool pool("test", 2, 10);
    std::thread::id home;
    std::thread::id ended_on;
    {
      IoThreads io(1);
      boost::asio::post(io.context(0), [&home] { home = std::this_thread::get_id(); });
      run_on(io, owns_something(pool, ended_on));
      pool.stop();
    }
    ASSERT_EQ(ended_on, home);
  }
}

TEST(BlockingPool, RunsWhatIsQueuedBeforeItStops) {
  BlockingPool pool("test", 1, 100);
  std::atomic<int> done = 0;
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(pool.post([&done] { ++done; }));
  pool.stop();
  EXPECT_EQ(done, 50);
  EXPECT_FALSE(pool.post([] {}));
}

Task<void> wait_for(std::shared_future<void> gate, BlockingPool& pool) {
  (void)co_await pool.run(deadline_in(std::chrono::seconds(5)), [gate] {
    gate.wait();
    return Result<void>();
  });
}

TEST(Scope, CloseWaitsForWhatRunsAndRefusesMore) {
  IoThreads io(1);
  BlockingPool pool("test", 1, 10);
  std::promise<void> release;
  const auto gate = release.get_future().share();
  Scope scope;
  ASSERT_TRUE(scope.spawn(io.context(0).get_executor(), wait_for(gate, pool)));
  EXPECT_FALSE(scope.close(std::chrono::milliseconds(1)));
  EXPECT_FALSE(scope.spawn(io.context(0).get_executor(), wait_for(gate, pool)));
  release.set_value();
  EXPECT_TRUE(scope.close(std::chrono::seconds(5)));
}

TEST(Scope, CloseWaitsForWhatIsHeld) {
  Scope scope;
  auto hold = scope.hold();
  ASSERT_TRUE(hold);
  {
    const Scope::Hold moved = *std::move(hold);
    EXPECT_FALSE(scope.close(std::chrono::milliseconds(1)));
    EXPECT_FALSE(scope.hold());
  }
  EXPECT_TRUE(scope.close(std::chrono::milliseconds(1)));
}

}  // namespace
}  // namespace hongyan::async
