// Wires the runner of rpcs and the limits of who calls them.
#pragma once

#include "base/registry.h"
#include "edge/rpc/limits.h"
#include "edge/rpc/rate_limiter.h"
#include "edge/rpc/runner.h"

namespace hongyan::edge {

// Owns the runner and the limits all edges share.
class RpcModule final : public hongyan::Module {
 public:
  explicit RpcModule(Registry& registry);

  Runner& runner() { return runner_; }
  RateLimiter& limiter() { return limiter_; }
  const Limits& limits() const { return limits_; }

 private:
  const Limits limits_;
  RateLimiter limiter_;
  Runner runner_;
};

}  // namespace hongyan::edge
