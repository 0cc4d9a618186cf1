#include "domain/account/access/throttle.h"

#include <gtest/gtest.h>

namespace hongyan::account {
namespace {

using std::chrono::milliseconds;

class ThrottleTest : public ::testing::Test {
 protected:
  Result<LoginThrottle::Attempt> attempt(const std::string& account, const std::string& ip, DeviceId device = {}) {
    return throttle_.begin(account, ip, device ? std::optional(device) : std::nullopt);
  }
  // Milliseconds to wait, 0 when the attempt was let through (and then failed).
  std::int64_t wait(const std::string& account, const std::string& ip, DeviceId device = {}) {
    const auto begun = attempt(account, ip, device);
    return begun ? 0 : begun.error().retry_after_ms.value_or(-1);
  }

  static ThrottlePolicy policy() {
    ThrottlePolicy small;
    small.capacity = 100;
    return small;
  }

  ManualClock clock_;
  LoginThrottle throttle_{policy(), clock_};
};

TEST_F(ThrottleTest, DelaysDoubleUpToAMinuteAndNeverLock) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(wait("alice", "10.0.0.1"), 0) << i;
  std::int64_t expected = 1000;
  for (int i = 0; i < 12; ++i) {
    const std::int64_t delay = std::min<std::int64_t>(expected, 60'000);
    EXPECT_EQ(wait("alice", "10.0.0.1"), delay) << i;
    // Asking too early does not make it longer.
    EXPECT_EQ(wait("alice", "10.0.0.1"), delay) << i;
    clock_.advance(milliseconds(delay - 1));
    EXPECT_EQ(wait("alice", "10.0.0.1"), 1) << i;
    clock_.advance(milliseconds(1));
    EXPECT_EQ(wait("alice", "10.0.0.1"), 0) << i;
    expected *= 2;
  }
}

TEST_F(ThrottleTest, OtherAccountsAndAddressesAreNotMeant) {
  for (int i = 0; i < 5; ++i) ASSERT_EQ(wait("alice", "10.0.0.1"), 0);
  ASSERT_GT(wait("alice", "10.0.0.1"), 0);
  EXPECT_EQ(wait("alice", "10.0.0.2"), 0);
  EXPECT_EQ(wait("bob_1", "10.0.0.1"), 0);
}

TEST_F(ThrottleTest, ManyAddressesSpendTheAccountsBudget) {
  for (int i = 0; i < 20; ++i) ASSERT_EQ(wait("alice", "10.0.0." + std::to_string(i)), 0);
  EXPECT_EQ(wait("alice", "10.0.1.1"), 1000);
  // The owner's own device does not feel it, and has a budget of its own.
  const DeviceId own(7);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(wait("alice", "10.0.1.1", own), 0);
  EXPECT_EQ(wait("alice", "10.0.1.1", own), 1000);
}

TEST_F(ThrottleTest, SuccessClearsThePairButNotWhatOthersSpent) {
  for (int i = 0; i < 19; ++i) ASSERT_EQ(wait("alice", "10.0.0." + std::to_string(i)), 0);
  const auto right = attempt("alice", "10.0.1.1");
  ASSERT_TRUE(right);
  throttle_.succeeded(*right);
  EXPECT_EQ(wait("alice", "10.0.1.1"), 0);
  EXPECT_GT(wait("alice", "10.0.1.1"), 0);
}

TEST_F(ThrottleTest, WhatWasNeverComparedIsNoFailure) {
  for (int i = 0; i < 50; ++i) {
    const auto begun = attempt("alice", "10.0.0.1");
    ASSERT_TRUE(begun) << i;
    throttle_.abandoned(*begun);
  }
}

TEST_F(ThrottleTest, AttemptsAtTheSameTimeCountBeforeTheyEnd) {
  std::vector<LoginThrottle::Attempt> running;
  while (auto begun = attempt("alice", "10.0.0.1")) running.push_back(*begun);
  EXPECT_EQ(running.size(), 5U);
}

TEST_F(ThrottleTest, FailuresAreForgotten) {
  for (int i = 0; i < 5; ++i) ASSERT_EQ(wait("alice", "10.0.0.1"), 0);
  clock_.advance(std::chrono::minutes(15));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(wait("alice", "10.0.0.1"), 0);
}

}  // namespace
}  // namespace hongyan::account
