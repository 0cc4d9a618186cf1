// Wires the group slice.
#pragma once

#include "base/registry.h"
#include "domain/group/door_service.h"
#include "domain/group/service.h"
#include "domain/group/sql_export_source.h"
#include "domain/group/sql_store.h"

namespace hongyan::group {

// Owns store and services and registers their rpcs.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

 private:
  SqlStore store_;
  Service service_;
  DoorService door_;
  SqlExportSource export_source_;
};

}  // namespace hongyan::group
