// Wires the sync slice.
#pragma once

#include "base/registry.h"
#include "domain/sync/pull_service.h"
#include "domain/sync/service.h"

namespace hongyan::sync {

// Owns the services and registers their rpcs.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

 private:
  Service service_;
  PullService pulls_;
};

}  // namespace hongyan::sync
