// What every LeaseStore keeps to.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "infra/async/io_threads.h"
#include "infra/kv/leases/lease_store.h"

namespace hongyan::kv::testing {

// A store and the passing of its time.
struct LeaseWorld {
  std::unique_ptr<LeaseStore> store;
  std::function<void(std::chrono::milliseconds)> pass;
};

// Parameter: makes an empty world.
class LeaseContract : public ::testing::TestWithParam<std::function<LeaseWorld()>> {
 protected:
  std::vector<bool> held(std::vector<std::string> keys) {
    const auto soon = async::deadline_in(std::chrono::seconds(10));
    auto asked = world_.store->held(std::move(keys), soon);
    return async::start(io_.context(0).get_executor(), std::move(asked)).get().value();
  }

  async::IoThreads io_{1};
  LeaseWorld world_ = GetParam()();
};

TEST_P(LeaseContract, AKeyIsHeldUntilItsLeaseIsOver) {
  using namespace std::chrono_literals;
  EXPECT_EQ(held({"a"}), std::vector{false});
  world_.store->hold({"a", "b"}, 1000ms);
  world_.pass(999ms);
  EXPECT_EQ(held({"b", "c", "a"}), (std::vector{true, false, true}));
  world_.pass(1ms);
  EXPECT_EQ(held({"a", "b"}), (std::vector{false, false}));
}

TEST_P(LeaseContract, ALeaseIsRenewedAndShortened) {
  using namespace std::chrono_literals;
  world_.store->hold({"a", "b"}, 1000ms);
  world_.pass(900ms);
  world_.store->hold({"a"}, 1000ms);
  world_.store->hold({"b"}, 50ms);
  world_.pass(60ms);
  EXPECT_EQ(held({"a", "b"}), (std::vector{true, false}));
  world_.pass(800ms);
  EXPECT_EQ(held({"a", "b"}), (std::vector{true, false}));
  world_.store->hold({"b"}, 1000ms);
  world_.pass(140ms);
  EXPECT_EQ(held({"a", "b"}), (std::vector{false, true}));
}

TEST_P(LeaseContract, ManyKeysComeAndGo) {
  using namespace std::chrono_literals;
  world_.store->hold({"stays"}, 1h);
  for (int i = 0; i < 2000; ++i) {
    world_.store->hold({std::to_string(i)}, 10ms);
    world_.pass(1ms);
  }
  EXPECT_EQ(held({"stays", "0", "1995"}), (std::vector{true, false, true}));
}

}  // namespace hongyan::kv::testing
