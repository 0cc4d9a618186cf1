// The account that exists after the first start, and the file with its one-time password.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/id_generator.h"
#include "base/result.h"
#include "domain/account/access/password_gate.h"
#include "domain/account/access/tokens.h"
#include "domain/account/store.h"
#include "infra/async/blocking_pool.h"
#include "infra/async/task.h"

namespace hongyan::account {

// Thread-safe. Owned by Module.
class InitialAdmin {
 public:
  InitialAdmin(UserStore& users, const PasswordGate& passwords, const Tokens& tokens, IdGenerator& ids,
               async::BlockingPool& pool, const std::filesystem::path& data_folder)
      : users_(users),
        passwords_(passwords),
        tokens_(tokens),
        ids_(ids),
        pool_(pool),
        file_(data_folder / "initial-admin-password") {}

  // Creates `admin` when there is no account at all and answers its one-time password, which must be changed. The file
  // is on disk before the account is, so a crash between the two locks nobody out. Blocks; before the first request.
  Result<std::optional<std::string>> ensure();

  // Removes the file once the password in it is void: after that of `username` was changed. Never fails: what cannot be
  // removed is logged.
  async::Task<void> forget_password(std::string username);

 private:
  UserStore& users_;
  const PasswordGate& passwords_;
  const Tokens& tokens_;
  IdGenerator& ids_;
  async::BlockingPool& pool_;
  const std::filesystem::path file_;
};

}  // namespace hongyan::account
