// Accounts by the thousand, for `hongyan seed`.
#pragma once

#include <string>

#include "base/id_generator.h"
#include "base/result.h"
#include "domain/account/access/password_gate.h"
#include "domain/account/access/session_opener.h"
#include "domain/account/store.h"
#include "domain/account/types.h"
#include "infra/async/task.h"

namespace hongyan::account {

// An account to be made.
struct BulkAccount {
  std::string username;
  std::string nickname;
  // Of hash().
  std::string password_hash;
};

// Makes accounts that share a password, so that it is hashed once and not once an account. Thread-safe. Owned by Module.
class BulkAccounts {
 public:
  BulkAccounts(UserStore& users, PasswordGate& passwords, const SessionOpener& opener, IdGenerator& ids)
      : users_(users), passwords_(passwords), opener_(opener), ids_(ids) {}

  // A password nobody can guess.
  std::string new_password() const { return passwords_.one_time(); }

  // What is stored of the password. Errors: weak_password, unavailable, timeout.
  async::Task<Result<std::string>> hash(std::string password, async::Deadline deadline) const;

  // Creates the account and logs it in on a device of its own. Errors: invalid_argument, already_exists, unavailable,
  // timeout.
  async::Task<Result<Session>> create(BulkAccount wanted, async::Deadline deadline) const;

 private:
  UserStore& users_;
  PasswordGate& passwords_;
  const SessionOpener& opener_;
  IdGenerator& ids_;
};

}  // namespace hongyan::account
