#include "simulation/machine.h"

#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "infra/async/blocking_pool.h"
#include "simulation/loops.h"

namespace hongyan::simulation {
namespace {

using namespace std::chrono_literals;

TEST(Machine, TheStandardLibraryHasItsClockAndItsThreads) {
  Machine machine(1);
  EXPECT_EQ(std::chrono::steady_clock::now(), machine.now());
  std::mutex mutex;
  std::condition_variable changed;
  bool told = false;
  std::cv_status end = std::cv_status::no_timeout;
  std::thread waits([&] {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return told; });
    end = changed.wait_for(lock, 10min);
  });
  std::thread tells([&] {
    const std::lock_guard lock(mutex);
    told = true;
    changed.notify_one();
  });
  const auto began = machine.now();
  waits.join();
  tells.join();
  EXPECT_EQ(end, std::cv_status::timeout);
  // Without that anybody has really waited.
  EXPECT_GE(machine.now() - began, 10min);
}

TEST(Machine, FuturesAndTimersComeInItsTime) {
  Machine machine(1);
  Loop loop(machine);
  std::promise<void> promise;
  const auto future = promise.get_future();
  EXPECT_EQ(future.wait_for(10s), std::future_status::timeout);
  boost::asio::steady_timer timer(loop.context, 10min);
  timer.async_wait([&](const boost::system::error_code&) { promise.set_value(); });
  const auto began = machine.now();
  future.wait();
  EXPECT_GE(machine.now() - began, 10min);
}

// In which order the work of two threads is done.
std::string order_of(std::uint64_t seed) {
  Machine machine(seed);
  std::string order;
  async::BlockingPool pool("pool", 2, 100);
  for (const char one : std::string("abcdef")) {
    EXPECT_TRUE(pool.post([&order, one] { std::thread([&order, one] { order += one; }).join(); }));
  }
  pool.stop();
  return order;
}

TEST(Machine, TheOrderFollowsFromTheSeed) {
  std::set<std::string> orders;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(order_of(seed), order_of(seed));
    orders.insert(order_of(seed));
  }
  EXPECT_GT(orders.size(), 5U);
}

TEST(Machine, WhatHangsIsTold) {
  Machine machine(1);
  EXPECT_THROW(machine.run_until([] { return false; }), std::runtime_error);
}

}  // namespace
}  // namespace hongyan::simulation
