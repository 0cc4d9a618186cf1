// Counters, gauges and histograms of the process, in Prometheus' text format.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>
#include <vector>

namespace hongyan::metrics {

using Counter = prometheus::Counter;
using Gauge = prometheus::Gauge;
using Histogram = prometheus::Histogram;
using Labels = prometheus::Labels;

// Holds every metric of the process. Thread-safe. References stay valid as long as the registry. The same name and labels
// give the same metric; names start with "hongyan_" and end with their unit ("_total", "_seconds", "_bytes").
class Metrics {
 public:
  Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram& histogram(const std::string& name, const std::string& help, const std::vector<double>& buckets,
                       const Labels& labels = {});

  // The text exposition format, version 0.0.4.
  std::string text() const;

 private:
  prometheus::Registry registry_{prometheus::Registry::InsertBehavior::Merge};
};

// Bucket bounds in seconds from 50 us to 10 s: fine around a disk flush, coarse above.
const std::vector<double>& latency_buckets();

}  // namespace hongyan::metrics
