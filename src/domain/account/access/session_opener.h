// The two halves of a new session around the transaction that stores it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/id_generator.h"
#include "base/result.h"
#include "domain/account/access/session_ender.h"
#include "domain/account/access/tokens.h"
#include "domain/account/store.h"
#include "domain/account/types.h"

namespace hongyan::account {

// The device as the client describes it.
struct DeviceInfo {
  std::optional<DeviceId> device;
  std::string name;
  Platform platform = v1::PLATFORM_UNSPECIFIED;
};

// What a client gets from a login or registration.
struct Session {
  User user;
  DeviceId device;
  std::string access_token;
  std::string refresh_token;
  std::chrono::milliseconds expires_in{0};
};

// Immutable, thread-safe. Owned by Module.
class SessionOpener {
 public:
  SessionOpener(const Tokens& tokens, IdGenerator& ids, SessionEnder& ender, const Config& config)
      : tokens_(tokens), ids_(ids), ender_(ender), max_devices_(config.max_devices), policy_(config.policy()) {}

  // A session to be stored and the refresh token it begins with.
  struct Plan {
    NewSession session;
    std::string refresh_token;
  };

  // Errors: invalid_argument (device.name), unavailable (no id).
  Result<Plan> plan(const DeviceInfo& device, std::string ip) const;

  // Ends what had to make room for the session; for after the commit.
  AfterCommit<const OpenedSession&> after_commit(UserId user) const;

  // The answer, once the session is stored.
  Session finish(User user, const OpenedSession& opened, Plan plan) const;

 private:
  const Tokens& tokens_;
  IdGenerator& ids_;
  SessionEnder& ender_;
  const std::int64_t max_devices_;
  const DevicePolicy policy_;
};

}  // namespace hongyan::account
