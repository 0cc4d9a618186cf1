#include "bench/load/figures/metrics.h"

#include <gtest/gtest.h>

namespace hongyan::bench::load {
namespace {

std::string page(int messages, int quick, int all) {
  const auto text = [](int number) { return std::to_string(number); };
  return "# TYPE hongyan_messages_total counter\nhongyan_messages_total " + text(messages) +
         "\nhongyan_store_fsyncs_total 3\nhongyan_store_commit_seconds_bucket{le=\"0.001\"} " + text(quick) +
         "\nhongyan_store_commit_seconds_bucket{le=\"0.005\"} " + text(all) +
         "\nhongyan_store_commit_seconds_bucket{le=\"+Inf\"} " + text(all) + "\n";
}

TEST(MetricsTest, APageIsUnderstood) {
  const ServerCounters found = parse_counters(page(4711, 5, 9));
  EXPECT_EQ(found.messages, 4711);
  EXPECT_EQ(found.fsyncs, 3);
  EXPECT_EQ(found.commits, 0);
  EXPECT_EQ(found.commit_times.size(), 3U);
  EXPECT_EQ(found.commit_times.at(0.001), 5);
}

TEST(MetricsTest, OnlyCommitsBetweenTwoPagesCount) {
  const CommitTimes from = parse_counters(page(0, 1000, 1000)).commit_times;
  const CommitTimes to = parse_counters(page(0, 1060, 1100)).commit_times;
  EXPECT_DOUBLE_EQ(commit_ms_at(0.5, from, to), 1);
  EXPECT_DOUBLE_EQ(commit_ms_at(0.99, from, to), 5);
  EXPECT_DOUBLE_EQ(commit_ms_at(0.5, to, to), 0);
  EXPECT_DOUBLE_EQ(commit_ms_at(0.5, {}, {}), 0);
}

}  // namespace
}  // namespace hongyan::bench::load
