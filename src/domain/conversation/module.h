// Wires the conversation slice.
#pragma once

#include "base/registry.h"
#include "domain/conversation/groups/service.h"
#include "domain/conversation/groups/sql_store.h"
#include "domain/conversation/outbox/sql_store.h"
#include "domain/conversation/service.h"
#include "domain/conversation/sql_store.h"

namespace hongyan::conversation {

// Owns stores and services. Main thread only; what it hands out is thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  Api& api() { return service_; }
  Groups& groups() { return group_service_; }
  Outbox& outbox() { return outbox_; }

 private:
  SqlStore store_;
  SqlGroupStore group_store_;
  SqlOutbox outbox_;
  Service service_;
  GroupService group_service_;
};

}  // namespace hongyan::conversation
