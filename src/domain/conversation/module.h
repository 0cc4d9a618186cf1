// Wires the conversation slice.
#pragma once

#include "base/registry.h"
#include "domain/conversation/directs/sql_store.h"
#include "domain/conversation/export_source.h"
#include "domain/conversation/groups/service.h"
#include "domain/conversation/groups/sql_departure.h"
#include "domain/conversation/groups/sql_store.h"
#include "domain/conversation/outbox/sql_store.h"
#include "domain/conversation/service.h"
#include "domain/conversation/settings/sql_store.h"
#include "domain/conversation/sql_store.h"

namespace hongyan::conversation {

// Owns stores and services. Main thread only; what it hands out is thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  Api& api() { return service_; }
  Groups& groups() { return group_service_; }
  Outbox& outbox() { return outbox_; }
  Directs& directs() { return directs_; }
  GroupsInside& groups_inside() { return group_store_; }
  GroupLists& group_lists() { return group_store_; }
  SettingsStore& settings() { return settings_; }

 private:
  SqlStore store_;
  SqlGroupStore group_store_;
  SqlSettingsStore settings_;
  SqlOutbox outbox_;
  SqlDirects directs_;
  Service service_;
  GroupService group_service_;
  SqlDeparture departure_;
  ExportSource export_source_;
};

}  // namespace hongyan::conversation
