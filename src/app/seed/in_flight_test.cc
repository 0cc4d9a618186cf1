#include "app/seed/in_flight.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <vector>

#include "infra/async/io_threads.h"

namespace hongyan::app {
namespace {

class InFlightTest : public ::testing::Test {
 protected:
  Result<void> run(std::size_t count, std::size_t width) {
    return run_all(io_.context(0).get_executor(), count, width, [this](std::size_t i) { return step(i); });
  }

  async::Task<Result<void>> step(std::size_t index) {
    ++begun_;
    most_ = std::max(most_, ++running_);
    co_await async::suspend([](async::Suspended waiting) { std::move(waiting).resume_later(); });
    ++runs_[index];
    --running_;
    if (index == fails_at_) co_return fail(ErrorCode::conflict, "this one");
    co_return Result<void>();
  }

  std::vector<int> runs_ = std::vector<int>(100);
  std::size_t fails_at_ = 1000;
  std::size_t begun_ = 0;
  std::size_t running_ = 0;
  std::size_t most_ = 0;
  async::IoThreads io_{1};
};

TEST_F(InFlightTest, EverythingRunsOnceAndNotMoreAtATimeThanAllowed) {
  ASSERT_TRUE(run(100, 7));
  EXPECT_EQ(std::ranges::count(runs_, 1), 100);
  EXPECT_LE(most_, 7U);
}

TEST_F(InFlightTest, TheFirstErrorEndsIt) {
  fails_at_ = 3;
  const auto done = run(100, 1);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::conflict);
  EXPECT_EQ(begun_, 4U);
}

}  // namespace
}  // namespace hongyan::app
