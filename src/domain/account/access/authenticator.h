// Who an access token speaks for.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "domain/account/access/auth_cache.h"
#include "domain/account/access/last_seen.h"
#include "domain/account/access/tokens.h"
#include "domain/account/store.h"
#include "domain/account/types.h"
#include "infra/async/task.h"

namespace hongyan::account {

// The use cases are described in api.h. Thread-safe. Owned by Module.
class Authenticator {
 public:
  Authenticator(DeviceStore& devices, AuthCache& cache, const Tokens& tokens, LastSeen& last_seen)
      : devices_(devices), cache_(cache), tokens_(tokens), last_seen_(last_seen) {}

  async::Task<Result<Identity>> authenticate(std::string access_token, async::Deadline deadline);
  async::Task<Result<bool>> still_valid(UserId user, DeviceId device, async::Deadline deadline);

 private:
  async::Task<Result<std::optional<AuthState>>> state_of(UserId user, DeviceId device, async::Deadline deadline);
  async::Task<void> note_first_use(AccessClaims claims, AuthState state, async::Deadline deadline);

  DeviceStore& devices_;
  AuthCache& cache_;
  const Tokens& tokens_;
  LastSeen& last_seen_;
};

}  // namespace hongyan::account
