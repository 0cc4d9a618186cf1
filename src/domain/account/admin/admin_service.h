// What administrators do to accounts of others.
#pragma once

#include <string>

#include "base/id_generator.h"
#include "base/result.h"
#include "domain/account/access/password_gate.h"
#include "domain/account/access/session_ender.h"
#include "domain/account/access/tokens.h"
#include "domain/account/admin/password_setter.h"
#include "domain/account/store.h"
#include "domain/account/types.h"
#include "infra/async/task.h"

namespace hongyan::account {

// The use cases are described in api.h. Thread-safe. Owned by Module.
class AdminService {
 public:
  AdminService(UserStore& users, PasswordGate& passwords, const Tokens& tokens, SessionEnder& ender, IdGenerator& ids,
               PasswordSetter& setter)
      : users_(users), passwords_(passwords), tokens_(tokens), ender_(ender), ids_(ids), setter_(setter) {}

  async::Task<Result<CreatedUser>> create_user(NewUser user, async::Deadline deadline);
  async::Task<Result<std::string>> reset_password(std::string username, async::Deadline deadline);
  async::Task<Result<void>> set_enabled(std::string username, bool enabled, async::Deadline deadline);

 private:
  async::Task<Result<User>> find(std::string username, async::Deadline deadline);

  UserStore& users_;
  PasswordGate& passwords_;
  const Tokens& tokens_;
  SessionEnder& ender_;
  IdGenerator& ids_;
  PasswordSetter& setter_;
};

}  // namespace hongyan::account
