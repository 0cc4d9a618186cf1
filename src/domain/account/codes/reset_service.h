// A new password for who has forgotten theirs.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "domain/account/access/password_gate.h"
#include "domain/account/admin/password_setter.h"
#include "domain/account/codes/service.h"
#include "domain/account/store.h"
#include "infra/async/task.h"

namespace hongyan::account {

struct PasswordReset {
  // As typed: an e-mail address or phone number.
  std::string target;
  std::string code;
  std::string new_password;
  // For which the code was sent, if it was.
  std::optional<DeviceId> device;
};

// Thread-safe. Owned by Module.
class ResetService {
 public:
  ResetService(CodeService& codes, UserStore& users, PasswordGate& passwords, PasswordSetter& setter)
      : codes_(codes), users_(users), passwords_(passwords), setter_(setter) {}

  // Sets the password and revokes all devices and access tokens. A repeat is refused: the code is used up. Errors:
  // code_invalid (also for targets that no account has), code_expired, weak_password (the code is still good, unless the
  // password is the username), account_disabled (only after the right code), invalid_argument, codes_unavailable, unavailable,
  // timeout.
  async::Task<Result<void>> reset(PasswordReset form, async::Deadline deadline);

 private:
  CodeService& codes_;
  UserStore& users_;
  PasswordGate& passwords_;
  PasswordSetter& setter_;
};

}  // namespace hongyan::account
