#include "edge/rpc/rate_limiter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hongyan::edge {
namespace {

using namespace std::chrono_literals;

constexpr RateLimiter::Time kStart{1h};

Limits small_limits() {
  Limits limits;
  limits.user_sends = 1;
  limits.user_sends_burst = 2;
  limits.user_requests = 1;
  limits.user_requests_burst = 5;
  limits.device_requests = 1;
  limits.device_requests_burst = 4;
  limits.key_requests = 1;
  limits.key_requests_burst = 3;
  limits.hook_posts = 1;
  limits.hook_posts_burst = 2;
  limits.ip_requests = 1;
  limits.ip_requests_burst = 8;
  limits.anonymous_requests = 1;
  limits.anonymous_requests_burst = 3;
  limits.ip_sockets = 2;
  limits.ip_sockets_burst = 1;
  return limits;
}

wire::Caller caller(std::uint64_t user, std::uint64_t device, std::string ip = "192.0.2.1") {
  wire::Caller caller;
  caller.user = UserId(user);
  caller.device = DeviceId(device);
  caller.ip = std::move(ip);
  return caller;
}

class RateLimiterTest : public ::testing::Test {
 protected:
  // How many of `count` requests get through at this moment.
  int passed(const wire::Caller& who, std::string_view rpc, int count, RateLimiter::Time now = kStart) {
    int through = 0;
    for (int i = 0; i < count; ++i) through += limiter.charge(who, rpc, now) ? 1 : 0;
    return through;
  }

  metrics::Metrics metrics;
  RateLimiter limiter{small_limits(), metrics};
};

TEST_F(RateLimiterTest, EachKindOfRequestHasItsLimit) {
  EXPECT_EQ(passed(caller(1, 11), "message.send", 10), 2);
  EXPECT_EQ(passed(caller(2, 21), "user.me", 10), 4);
  EXPECT_EQ(passed(caller(0, 0), "auth.login", 10), 3);
}

TEST_F(RateLimiterTest, TheDevicesOfAUserShareWhatIsTheUsers) {
  EXPECT_EQ(passed(caller(1, 11), "user.me", 10), 4);
  EXPECT_EQ(passed(caller(1, 12), "user.me", 10), 1);
  EXPECT_EQ(passed(caller(1, 13), "message.send", 10, kStart + 2s), 2);
  EXPECT_EQ(passed(caller(1, 14), "message.forward", 10, kStart + 2s), 0);
}

TEST_F(RateLimiterTest, KeysAndHooksHaveTheirOwn) {
  wire::Caller server = caller(1, 0);
  server.key = ApiKeyId(5);
  EXPECT_EQ(passed(server, "user.get", 10), 3);
  server.key = ApiKeyId(6);
  EXPECT_EQ(passed(server, "user.get", 10), 2) << "five of the bot they both act as";
  EXPECT_EQ(passed(caller(2, 21), "user.me", 1), 1);
  int posts = 0;
  for (int i = 0; i < 10; ++i) posts += limiter.charge_hook(7, kStart) ? 1 : 0;
  EXPECT_EQ(posts, 2);
  EXPECT_TRUE(limiter.charge_hook(8, kStart));
}

TEST_F(RateLimiterTest, WhatIsRefusedUsesUpNothingOfTheNeighbours) {
  EXPECT_EQ(passed(caller(1, 11), "user.me", 1000), 4);
  EXPECT_EQ(passed(caller(2, 21), "user.me", 10), 4);
  // Eight from one address.
  EXPECT_EQ(passed(caller(3, 31), "user.me", 10), 0);
  EXPECT_EQ(passed(caller(4, 41, "192.0.2.2"), "user.me", 1), 1);
}

TEST_F(RateLimiterTest, TheRefusalSaysWhenToComeBack) {
  EXPECT_EQ(passed(caller(1, 11), "message.send", 2), 2);
  const auto refused = limiter.charge(caller(1, 11), "message.send", kStart + 1500us);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::rate_limited);
  // Rounded up: who comes back then is let through.
  EXPECT_EQ(refused.error().retry_after_ms, 999);
  EXPECT_TRUE(limiter.charge(caller(1, 11), "message.send", kStart + 1500us + 999ms));
  EXPECT_NE(metrics.text().find(R"(hongyan_rate_limited_total{limit="user_sends"} 1)"), std::string::npos);
}

TEST_F(RateLimiterTest, SocketsAreCountedWhenTheyOpen) {
  EXPECT_TRUE(limiter.may_open_socket("192.0.2.1", kStart));
  EXPECT_TRUE(limiter.may_open_socket("192.0.2.1", kStart));
  limiter.opened_socket("192.0.2.1", kStart);
  EXPECT_EQ(limiter.may_open_socket("192.0.2.1", kStart).error().retry_after_ms, 500);
  EXPECT_TRUE(limiter.may_open_socket("192.0.2.2", kStart));
  EXPECT_TRUE(limiter.may_open_socket("192.0.2.1", kStart + 500ms));
}

TEST(RateTable, ForgetsBucketsThatAreFullAgain) {
  RateTable<int> table({10, 1}, 1000);
  for (int key = 0; key < 500; ++key) (void)table.take(key, kStart);
  EXPECT_EQ(table.size(), 500U);
  // Each call makes room for itself and one more.
  for (int i = 0; i < 500; ++i) (void)table.take(-1, kStart + 1s);
  EXPECT_EQ(table.size(), 1U);
}

TEST(RateTable, NeverHoldsMoreThanItMay) {
  RateTable<int> table({1, 1}, 100);
  for (int key = 0; key < 10'000; ++key) {
    EXPECT_EQ(table.take(key, kStart), 0ns);
    ASSERT_LE(table.size(), 100U);
  }
  // Those that came last are remembered.
  EXPECT_GT(table.take(9'999, kStart), 0ns);
}

TEST(RateTable, WithoutARateHoldsNothing) {
  RateTable<int> table({0, 1});
  EXPECT_EQ(table.take(1, kStart), 0ns);
  EXPECT_EQ(table.size(), 0U);
}

TEST(Limits, MustBeRates) {
  EXPECT_TRUE(config::problems_of(Limits()).empty());
  Limits limits;
  limits.user_sends = -1;
  limits.socket_frames_burst = 0;
  EXPECT_EQ(config::problems_of(limits).size(), 2U);
}

}  // namespace
}  // namespace hongyan::edge
