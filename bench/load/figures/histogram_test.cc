#include "bench/load/figures/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace hongyan::bench::load {
namespace {

TEST(HistogramTest, AnEmptyOneIsZero) {
  const Histogram histogram;
  EXPECT_EQ(histogram.percentiles().p99, 0);
  EXPECT_EQ(histogram.percentiles().count, 0U);
}

TEST(HistogramTest, SmallNumbersAreExact) {
  Histogram histogram;
  for (sockets::Nanos i = 1; i <= 100; ++i) histogram.add(i);
  const Percentiles found = histogram.percentiles();
  EXPECT_EQ(found.p50, 50);
  EXPECT_EQ(found.p90, 90);
  EXPECT_EQ(found.p99, 99);
  EXPECT_EQ(found.p999, 100);
  EXPECT_EQ(found.max, 100);
}

TEST(HistogramTest, PercentilesAreAtMostOnePercentTooHigh) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> shape(13, 2);
  Histogram histogram;
  std::vector<sockets::Nanos> all;
  for (int i = 0; i < 50'000; ++i) {
    all.push_back(static_cast<sockets::Nanos>(shape(random)));
    histogram.add(all.back());
  }
  std::ranges::sort(all);
  for (const std::uint64_t permille : {1, 10, 500, 900, 990, 999, 1000}) {
    const auto exact = static_cast<double>(all[(all.size() * permille + 999) / 1000 - 1]);
    const auto found = static_cast<double>(histogram.at_permille(permille));
    EXPECT_GE(found, exact);
    EXPECT_LE(found, exact * 1.01);
  }
}

TEST(HistogramTest, NothingIsTooLongOrTooShort) {
  Histogram histogram;
  histogram.add(-5);
  histogram.add(sockets::Nanos{1} << 50U);
  EXPECT_EQ(histogram.at_permille(500), 0);
  EXPECT_EQ(histogram.percentiles().max, sockets::Nanos{1} << 50U);
  EXPECT_LE(histogram.at_permille(999), histogram.percentiles().max);
}

}  // namespace
}  // namespace hongyan::bench::load
