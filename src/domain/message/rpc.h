// The slice's rpcs: message.send, message.list.
#pragma once

#include "domain/message/service.h"
#include "wire/dispatcher.h"

namespace hongyan::message {

// Registers the handlers. `service` must outlive all requests.
void register_rpcs(wire::Dispatcher& dispatcher, Service& service);

}  // namespace hongyan::message
