// How users come to have an e-mail address or phone number.
#pragma once

#include <string>

#include "base/result.h"
#include "domain/account/access/password_gate.h"
#include "domain/account/codes/service.h"
#include "domain/account/store.h"
#include "infra/async/task.h"

namespace hongyan::account {

struct TargetForm {
  UserId user;
  DeviceId device;
  std::string ip;
  TargetKind kind = v1::CODE_TARGET_UNSPECIFIED;
  // As typed.
  std::string value;
  std::string code;
  std::string password;
};

// Thread-safe. Owned by Module.
class TargetService {
 public:
  TargetService(CodeService& codes, CodeStore& store, UserStore& users, PasswordGate& passwords)
      : codes_(codes), store_(store), users_(users), passwords_(passwords) {}

  // The value is the user's from now on, instead of the one they had. The account after it. Errors: wrong_credentials,
  // rate_limited (the password), code_invalid, code_expired, already_exists (another account has it; only after the right
  // code), invalid_argument, codes_unavailable, unavailable, timeout.
  async::Task<Result<User>> change(TargetForm form, async::Deadline deadline);

 private:
  CodeService& codes_;
  CodeStore& store_;
  UserStore& users_;
  PasswordGate& passwords_;
};

}  // namespace hongyan::account
