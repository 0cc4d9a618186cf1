// The rpcs for other servers: parse, call, map.
#pragma once

#include "domain/integration/service.h"
#include "wire/dispatcher.h"

namespace hongyan::integration {

// Registers user.create; the service must outlive the dispatcher's use.
void register_rpcs(wire::Dispatcher& dispatcher, Service& service);

}  // namespace hongyan::integration
