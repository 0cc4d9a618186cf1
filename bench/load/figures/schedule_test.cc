#include "bench/load/figures/schedule.h"

#include <gtest/gtest.h>

#include <map>

namespace hongyan::bench::load {
namespace {

constexpr sockets::Nanos kBegin = 5 * sockets::kSecond;
constexpr sockets::Nanos kTick = 200 * sockets::kMicrosecond;

TEST(ScheduleTest, EverySecondHasAsManyMessagesAsTheRateSays) {
  const Schedule schedule(kBegin, 3 * sockets::kSecond, 7'001, kTick);
  EXPECT_EQ(schedule.count(), 21'003U);
  std::map<sockets::Nanos, int> per_second;
  for (std::uint64_t i = 0; i < schedule.count(); ++i) ++per_second[(schedule.due(i) - kBegin) / sockets::kSecond];
  ASSERT_EQ(per_second.size(), 3U);
  for (const auto& [second, messages] : per_second) EXPECT_NEAR(messages, 7'001, 2);
}

TEST(ScheduleTest, MessagesAreDueInOrderAtTheBeginningOfTheirTick) {
  const Schedule schedule(kBegin, sockets::kSecond, 50'000, kTick);
  std::map<sockets::Nanos, int> per_tick;
  for (std::uint64_t i = 0; i < schedule.count(); ++i) {
    if (i > 0) EXPECT_GE(schedule.due(i), schedule.due(i - 1));
    EXPECT_EQ((schedule.due(i) - kBegin) % kTick, 0);
    ++per_tick[schedule.due(i)];
  }
  EXPECT_EQ(per_tick.size(), 5'000U);
  for (const auto& [due, messages] : per_tick) EXPECT_EQ(messages, 10);
}

TEST(ScheduleTest, ASlowRateLeavesTicksOut) {
  const Schedule schedule(kBegin, 10 * sockets::kSecond, 2, kTick);
  EXPECT_EQ(schedule.count(), 20U);
  EXPECT_EQ(schedule.due(3), kBegin + 3 * sockets::kSecond / 2);
}

}  // namespace
}  // namespace hongyan::bench::load
