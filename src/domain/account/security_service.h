// What people do to keep their account theirs: the password and the devices.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "domain/account/access/password_gate.h"
#include "domain/account/access/session_ender.h"
#include "domain/account/access/tokens.h"
#include "domain/account/admin/password_setter.h"
#include "domain/account/store.h"
#include "infra/async/task.h"

namespace hongyan::account {

struct PasswordForm {
  UserId user;
  DeviceId device;
  std::string ip;
  std::string old_password;
  std::string new_password;
};

// Thread-safe. Owned by Module. Every call also answers unavailable or timeout.
class SecurityService {
 public:
  SecurityService(UserStore& users, DeviceStore& devices, PasswordGate& passwords, const Tokens& tokens,
                  SessionEnder& ender, PasswordSetter& setter)
      : users_(users), devices_(devices), passwords_(passwords), tokens_(tokens), ender_(ender), setter_(setter) {}

  // Sets the new password and revokes all other devices. Errors: weak_password, wrong_credentials, rate_limited, conflict
  // (another change came first).
  async::Task<Result<void>> change_password(PasswordForm form, async::Deadline deadline);

  // Last active first; at most 1,000.
  async::Task<Result<std::vector<Device>>> list_devices(UserId user, async::Deadline deadline);

  // Error: not_found (also when it was revoked before).
  async::Task<Result<void>> revoke_device(UserId user, DeviceId device, async::Deadline deadline);

  // How many were revoked now. A repeat is harmless.
  async::Task<Result<std::int64_t>> revoke_others(UserId user, DeviceId keep, async::Deadline deadline);

 private:
  UserStore& users_;
  DeviceStore& devices_;
  PasswordGate& passwords_;
  const Tokens& tokens_;
  SessionEnder& ender_;
  PasswordSetter& setter_;
};

}  // namespace hongyan::account
