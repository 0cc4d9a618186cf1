// The rpcs of groups: parse, call, map.
#pragma once

#include "domain/group/service.h"
#include "wire/dispatcher.h"

namespace hongyan::group {

// Registers the rpcs of GroupService; `service` must outlive the dispatcher's use.
void register_rpcs(wire::Dispatcher& dispatcher, Service& service);

}  // namespace hongyan::group
