// The rpcs of presence and typing: parse, call, map.
#pragma once

#include "domain/presence/service.h"
#include "domain/presence/typing/service.h"
#include "wire/dispatcher.h"

namespace hongyan::presence {

// Registers those of PresenceService and TypingService; the services must outlive the dispatcher's use.
void register_rpcs(wire::Dispatcher& dispatcher, Service& service, TypingService& typing);

}  // namespace hongyan::presence
