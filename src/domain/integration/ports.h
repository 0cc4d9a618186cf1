// What the services of the slice work with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id_generator.h"
#include "domain/account/api.h"
#include "domain/conversation/api.h"
#include "domain/conversation/events.h"
#include "domain/integration/store.h"
#include "domain/message/api.h"
#include "infra/crypto/random.h"

namespace hongyan::integration {

// All must outlive the services.
struct Ports {
  Store& store;
  account::Api& accounts;
  conversation::Directs& directs;
  conversation::Groups& groups;
  conversation::Outbox& outbox;
  message::Api& messages;
  IdGenerator& ids;
  crypto::RandomSource& random;
  const Clock& clock;
  // What scopes there are: the rpcs that keys may call.
  std::vector<std::string> scopes;
  // People a group can have.
  std::int64_t max_members = 0;
};

}  // namespace hongyan::integration
