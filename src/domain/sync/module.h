// Wires the sync slice.
#pragma once

#include "base/registry.h"
#include "domain/sync/digest_service.h"
#include "domain/sync/pull_service.h"
#include "domain/sync/service.h"
#include "domain/sync/user_events.h"

namespace hongyan::sync {

// Owns the services, registers their rpcs, and has user events pushed. api() is thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  Api& api() { return digests_; }

 private:
  Service service_;
  PullService pulls_;
  DigestService digests_;
  UserEventPusher pusher_;
};

}  // namespace hongyan::sync
