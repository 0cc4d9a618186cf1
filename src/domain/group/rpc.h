// The rpcs of groups: parse, call, map.
#pragma once

#include "domain/group/door_service.h"
#include "domain/group/service.h"
#include "wire/dispatcher.h"

namespace hongyan::group {

// What the rpcs call.
struct Services {
  Service& groups;
  DoorService& door;
};

// Registers the rpcs of GroupService and user.common_groups; the services must outlive the dispatcher's use.
void register_rpcs(wire::Dispatcher& dispatcher, Services services);

}  // namespace hongyan::group
