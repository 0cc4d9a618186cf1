// How an account comes to have another password.
#pragma once

#include <string>

#include "base/result.h"
#include "domain/account/access/password_gate.h"
#include "domain/account/access/session_ender.h"
#include "domain/account/access/tokens.h"
#include "domain/account/admin/initial_admin.h"
#include "domain/account/store.h"
#include "infra/async/task.h"

namespace hongyan::account {

// Thread-safe. Owned by Module.
class PasswordSetter {
 public:
  PasswordSetter(UserStore& users, PasswordGate& passwords, const Tokens& tokens, SessionEnder& ender,
                 InitialAdmin& initial_admin)
      : users_(users), passwords_(passwords), tokens_(tokens), ender_(ender), initial_admin_(initial_admin) {}

  // Sets the password, which the rules allow, and revokes all devices but `change.keep_device`. Hash and time of `change` are
  // filled in here. Error: conflict (another change came first).
  async::Task<Result<void>> set(UserCard card, std::string password, PasswordChange change, async::Deadline deadline);

 private:
  UserStore& users_;
  PasswordGate& passwords_;
  const Tokens& tokens_;
  SessionEnder& ender_;
  InitialAdmin& initial_admin_;
};

}  // namespace hongyan::account
