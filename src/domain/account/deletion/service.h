// How people end their account, and change their mind.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "domain/account/access/password_gate.h"
#include "domain/account/access/session_ender.h"
#include "domain/account/access/tokens.h"
#include "domain/account/deletion/config.h"
#include "domain/account/deletion/store.h"
#include "infra/async/task.h"

namespace hongyan::account {

// Somebody proves that it is them.
struct PasswordProof {
  UserId user;
  DeviceId device;
  std::string ip;
  std::string password;
};

// Thread-safe. Owned by Module. Every call also answers unavailable or timeout.
class DeletionService {
 public:
  DeletionService(UserStore& users, DeletionStore& store, PasswordGate& passwords, const Tokens& tokens,
                  SessionEnder& ender, const DeletionConfig& config)
      : users_(users), store_(store), passwords_(passwords), tokens_(tokens), ender_(ender), undo_(config.undo) {}

  // The account goes when the time to undo it is over; answers when. All its devices are signed out. A repeat does not begin
  // the time anew. Errors: wrong_credentials, rate_limited, permission_denied for the only administrator.
  async::Task<Result<TimeMs>> schedule(PasswordProof proof, async::Deadline deadline);

  // The account stays; answers it. A repeat changes nothing. Error: not_found when it is gone.
  async::Task<Result<User>> cancel(UserId user, async::Deadline deadline) { return store_.cancel(user, deadline); }

 private:
  UserStore& users_;
  DeletionStore& store_;
  PasswordGate& passwords_;
  const Tokens& tokens_;
  SessionEnder& ender_;
  const std::chrono::milliseconds undo_;
};

}  // namespace hongyan::account
