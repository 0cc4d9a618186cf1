// Wires the sync slice.
#pragma once

#include "base/registry.h"
#include "domain/sync/service.h"

namespace hongyan::sync {

// Owns the service and registers its rpcs.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

 private:
  Service service_;
};

}  // namespace hongyan::sync
