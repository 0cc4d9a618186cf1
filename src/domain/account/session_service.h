// Logging in, staying logged in, logging out.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "domain/account/access/password_gate.h"
#include "domain/account/access/session_ender.h"
#include "domain/account/access/session_opener.h"
#include "domain/account/access/tokens.h"
#include "domain/account/store.h"
#include "infra/async/task.h"

namespace hongyan::account {

struct LoginAttempt {
  // As typed: username, e-mail address or phone number.
  std::string account;
  std::string password;
  DeviceInfo device;
  std::string ip;
};

struct RefreshedSession {
  UserId user;
  DeviceId device;
  std::string access_token;
  std::string refresh_token;
  std::chrono::milliseconds expires_in{0};
};

// Thread-safe. Owned by Module. Every call also answers unavailable or timeout.
class SessionService {
 public:
  SessionService(UserStore& users, DeviceStore& devices, PasswordGate& passwords, const Tokens& tokens,
                 const SessionOpener& opener, SessionEnder& ender)
      : users_(users), devices_(devices), passwords_(passwords), tokens_(tokens), opener_(opener), ender_(ender) {}

  // A repeat opens another session unless it names the device. Errors: wrong_credentials (unknown accounts alike),
  // account_disabled (only after the right password), rate_limited, invalid_argument.
  async::Task<Result<Session>> login(LoginAttempt attempt, async::Deadline deadline);

  // Trades the token for its successor. A repeat gives the same successor within the grace. Errors: unauthenticated
  // (unknown token), token_revoked (also by a token that was traded long ago, which revokes the device), token_expired,
  // account_disabled.
  async::Task<Result<RefreshedSession>> refresh(std::string refresh_token, std::string ip, async::Deadline deadline);

  // Revokes the device and closes its sockets. A repeat is harmless.
  async::Task<Result<void>> logout(UserId user, DeviceId device, async::Deadline deadline);

 private:
  UserStore& users_;
  DeviceStore& devices_;
  PasswordGate& passwords_;
  const Tokens& tokens_;
  const SessionOpener& opener_;
  SessionEnder& ender_;
};

}  // namespace hongyan::account
