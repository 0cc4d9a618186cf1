// Wires the integration slice.
#pragma once

#include "base/registry.h"
#include "domain/integration/admin_service.h"
#include "domain/integration/service.h"
#include "domain/integration/sql_store.h"

namespace hongyan::integration {

// Owns store and services, and registers their rpcs. Main thread only; what it hands out is thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  Api& api() { return service_; }
  Admin& admin() { return admin_; }

 private:
  SqlStore store_;
  const Ports ports_;
  Service service_;
  AdminService admin_;
};

}  // namespace hongyan::integration
