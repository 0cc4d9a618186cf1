// The rpcs that join memberships with messages: parse, call, map.
#pragma once

#include "domain/sync/pull_service.h"
#include "domain/sync/service.h"
#include "wire/dispatcher.h"

namespace hongyan::sync {

// Registers those of ConversationService and SyncService; the services must outlive the dispatcher's use.
void register_rpcs(wire::Dispatcher& dispatcher, Service& service, PullService& pulls);

}  // namespace hongyan::sync
