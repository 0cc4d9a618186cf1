// Wires the runner of rpcs.
#pragma once

#include "base/registry.h"
#include "edge/rpc/runner.h"

namespace hongyan::edge {

// Owns the runner all edges share.
class RpcModule final : public hongyan::Module {
 public:
  explicit RpcModule(Registry& registry);

  Runner& runner() { return runner_; }

 private:
  Runner runner_;
};

}  // namespace hongyan::edge
