// Wires the group slice.
#pragma once

#include "base/registry.h"
#include "domain/group/service.h"

namespace hongyan::group {

// Owns the service and registers its rpcs.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

 private:
  Service service_;
};

}  // namespace hongyan::group
