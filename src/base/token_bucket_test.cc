#include "base/token_bucket.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace hongyan {
namespace {

using namespace std::chrono_literals;
using Time = TokenBucket::Clock::time_point;

constexpr Time kStart{1h};

TEST(TokenBucket, GivesABurstAndThenOneEachInterval) {
  struct Step {
    std::chrono::milliseconds at;
    std::int64_t count;
    std::chrono::milliseconds wait;
  };
  // 10 a second, 3 at once.
  const Rate rate{10, 3};
  const std::vector<Step> steps{
      {0ms, 1, 0ms},
      {0ms, 1, 0ms},
      {0ms, 1, 0ms},
      {0ms, 1, 100ms},
      {40ms, 1, 60ms},
      {100ms, 1, 0ms},
      {100ms, 1, 100ms},
      {300ms, 2, 0ms},
      {300ms, 1, 100ms},
      {301ms, 2, 199ms},
      {10s, 3, 0ms},
      {10s, 1, 100ms},
      // More than a burst is never there.
      {60s, 4, 100ms},
  };
  TokenBucket bucket;
  for (const Step& step : steps) {
    EXPECT_EQ(bucket.take(rate, kStart + step.at, step.count), step.wait) << step.at.count() << " ms";
  }
}

TEST(TokenBucket, ARefusalTakesNothing) {
  const Rate rate{10, 1};
  TokenBucket bucket;
  EXPECT_EQ(bucket.take(rate, kStart), 0ns);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(bucket.take(rate, kStart + 50ms), 50ms);
  EXPECT_EQ(bucket.wait(rate, kStart + 100ms), 0ns);
  EXPECT_EQ(bucket.take(rate, kStart + 100ms), 0ns);
}

TEST(TokenBucket, NoRateIsNoLimit) {
  TokenBucket bucket;
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(bucket.take({0, 1}, kStart), 0ns);
  EXPECT_TRUE(bucket.full(kStart));
}

TEST(TokenBucket, AClockThatStepsBackGivesNothingAway) {
  const Rate rate{10, 1};
  TokenBucket bucket;
  EXPECT_EQ(bucket.take(rate, kStart), 0ns);
  EXPECT_EQ(bucket.take(rate, kStart - 1s), 1100ms);
}

TEST(TokenBucket, IsFullOnceNothingIsMissing) {
  const Rate rate{10, 5};
  TokenBucket bucket;
  EXPECT_TRUE(bucket.full(kStart));
  (void)bucket.take(rate, kStart, 2);
  EXPECT_FALSE(bucket.full(kStart + 199ms));
  EXPECT_TRUE(bucket.full(kStart + 200ms));
}

// Whatever comes when: in any stretch of time no more gets through than a burst and what the rate gives, and who waits as long
// as they are told gets through.
TEST(TokenBucket, NeverGivesMoreThanItsRateNorLess) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    const auto between = [&random](std::int64_t low, std::int64_t high) {
      return std::uniform_int_distribution<std::int64_t>(low, high)(random);
    };
    const Rate rate{between(1, 1000), between(1, 50)};
    TokenBucket bucket;
    std::vector<Time> passed;
    Time now = kStart;
    for (int i = 0; i < 300; ++i) {
      now += std::chrono::microseconds(between(0, 3'000'000 / rate.per_second));
      const auto wait = bucket.take(rate, now);
      if (wait == 0ns) {
        passed.push_back(now);
        continue;
      }
      ASSERT_GT(bucket.wait(rate, now + wait - 1ns), 0ns) << "seed " << seed;
      ASSERT_EQ(bucket.wait(rate, now + wait), 0ns) << "seed " << seed;
    }
    const auto spacing = std::chrono::nanoseconds(1s) / rate.per_second;
    for (std::size_t first = 0; first < passed.size(); ++first) {
      for (std::size_t last = first; last < passed.size(); ++last) {
        const auto allowed = rate.burst + (passed[last] - passed[first]) / spacing;
        ASSERT_LE(static_cast<std::int64_t>(last - first + 1), allowed) << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace hongyan
