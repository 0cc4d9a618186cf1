// Logging in by code.
#pragma once

#include <string>

#include "base/result.h"
#include "domain/account/access/session_opener.h"
#include "domain/account/codes/service.h"
#include "domain/account/store.h"
#include "infra/async/task.h"

namespace hongyan::account {

struct CodeLogin {
  // As typed: an e-mail address or phone number.
  std::string account;
  std::string code;
  DeviceInfo device;
  std::string ip;
};

// Thread-safe. Owned by Module.
class CodeLoginService {
 public:
  CodeLoginService(CodeService& codes, UserStore& users, DeviceStore& devices, const SessionOpener& opener)
      : codes_(codes), users_(users), devices_(devices), opener_(opener) {}

  // A repeat is refused: the code is used up. Errors: code_invalid (also for targets that no account has), code_expired,
  // account_disabled (only after the right code), invalid_argument, codes_unavailable, unavailable, timeout.
  async::Task<Result<Session>> login(CodeLogin attempt, async::Deadline deadline);

 private:
  CodeService& codes_;
  UserStore& users_;
  DeviceStore& devices_;
  const SessionOpener& opener_;
};

}  // namespace hongyan::account
