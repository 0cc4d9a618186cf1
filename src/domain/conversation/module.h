// Wires the conversation slice.
#pragma once

#include "base/registry.h"
#include "domain/conversation/service.h"
#include "domain/conversation/sql_store.h"

namespace hongyan::conversation {

// Owns store and service. Main thread only; api() is thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  Api& api() { return service_; }

 private:
  SqlStore store_;
  Service service_;
};

}  // namespace hongyan::conversation
