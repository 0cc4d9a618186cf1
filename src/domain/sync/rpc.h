// The rpcs that join memberships with messages: parse, call, map.
#pragma once

#include "domain/sync/service.h"
#include "wire/dispatcher.h"

namespace hongyan::sync {

// Registers conversation.list, get, open and mark_read; `service` must outlive the dispatcher's use.
void register_rpcs(wire::Dispatcher& dispatcher, Service& service);

}  // namespace hongyan::sync
