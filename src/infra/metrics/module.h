// The process's metrics in the registry.
#pragma once

#include "base/registry.h"
#include "infra/metrics/metrics.h"

namespace hongyan::metrics {

// Owns the metrics; outlives everything that counts.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry&) {}

  Metrics& metrics() { return metrics_; }

 private:
  Metrics metrics_;
};

}  // namespace hongyan::metrics
