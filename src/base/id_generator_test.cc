#include "base/id_generator.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace hongyan {
namespace {

class RememberedCeiling final : public IdCeiling {
 public:
  Result<TimeMs> load() override { return stored; }
  Result<void> store(TimeMs ceiling) override {
    if (failing) return fail(ErrorCode::internal, "disk");
    stored = ceiling;
    return {};
  }
  TimeMs stored{0};
  bool failing = false;
};

TEST(IdGenerator, RisesAndCarriesTheTime) {
  ManualClock clock;
  RememberedCeiling ceiling;
  IdGenerator ids(7, clock, ceiling);
  ASSERT_TRUE(ids.start());
  const auto first = ids.next().value();
  clock.advance(std::chrono::milliseconds(5));
  const auto second = ids.next().value();
  EXPECT_LT(first, second);
  EXPECT_EQ(IdGenerator::time_of(second), clock.now());
  EXPECT_EQ((second >> IdGenerator::kCounterBits) & 1023u, 7u);
}

TEST(IdGenerator, RunsAheadWhenTheCounterIsUsedUp) {
  ManualClock clock;
  RememberedCeiling ceiling;
  IdGenerator ids(0, clock, ceiling);
  ASSERT_TRUE(ids.start());
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(seen.insert(ids.next().value()).second);
}

TEST(IdGenerator, AClockSetBackAcrossARestartRepeatsNothing) {
  ManualClock clock;
  RememberedCeiling ceiling;
  std::uint64_t last = 0;
  {
    IdGenerator ids(0, clock, ceiling);
    ASSERT_TRUE(ids.start());
    clock.advance(std::chrono::seconds(59));
    last = ids.next().value();
  }
  clock.advance(-std::chrono::hours(1));
  IdGenerator restarted(0, clock, ceiling);
  ASSERT_TRUE(restarted.start());
  EXPECT_GT(restarted.next().value(), last);
}

TEST(IdGenerator, IssuesNothingBeyondACeilingItCannotStore) {
  ManualClock clock;
  RememberedCeiling ceiling;
  IdGenerator ids(0, clock, ceiling);
  ASSERT_TRUE(ids.start());
  ceiling.failing = true;
  clock.advance(std::chrono::seconds(30));
  EXPECT_TRUE(ids.next());
  clock.advance(std::chrono::seconds(31));
  const auto refused = ids.next();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
}

TEST(IdGenerator, ManyThreadsShareOneSequence) {
  SystemClock clock;
  RememberedCeiling ceiling;
  IdGenerator ids(1, clock, ceiling);
  ASSERT_TRUE(ids.start());
  std::vector<std::vector<std::uint64_t>> issued(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : issued) {
      threads.emplace_back([&ids, &mine] {
        for (int i = 0; i < 5'000; ++i) mine.push_back(ids.next().value());
      });
    }
  }
  std::set<std::uint64_t> all;
  for (const auto& mine : issued) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 20'000u);
}

}  // namespace
}  // namespace hongyan
