#include "infra/metrics/metrics.h"

#include <gtest/gtest.h>

namespace hongyan::metrics {
namespace {

TEST(Metrics, TheSameNameAndLabelsAreOneMetric) {
  Metrics metrics;
  metrics.counter("hongyan_test_total", "Things.", {{"kind", "a"}}).Increment();
  metrics.counter("hongyan_test_total", "Things.", {{"kind", "a"}}).Increment();
  metrics.counter("hongyan_test_total", "Things.", {{"kind", "b"}}).Increment();
  const std::string text = metrics.text();
  EXPECT_NE(text.find("hongyan_test_total{kind=\"a\"} 2"), std::string::npos) << text;
  EXPECT_NE(text.find("hongyan_test_total{kind=\"b\"} 1"), std::string::npos) << text;
  EXPECT_NE(text.find("# TYPE hongyan_test_total counter"), std::string::npos);
}

TEST(Metrics, HistogramsCountPerBucket) {
  Metrics metrics;
  metrics.histogram("hongyan_test_seconds", "Time.", latency_buckets()).Observe(0.0007);
  const std::string text = metrics.text();
  EXPECT_NE(text.find("hongyan_test_seconds_bucket{le=\"0.0005\"} 0"), std::string::npos) << text;
  EXPECT_NE(text.find("hongyan_test_seconds_bucket{le=\"0.001\"} 1"), std::string::npos) << text;
}

}  // namespace
}  // namespace hongyan::metrics
