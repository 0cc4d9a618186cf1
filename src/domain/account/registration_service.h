// How accounts come to be when people make them themselves.
#pragma once

#include <atomic>
#include <string>

#include "base/id_generator.h"
#include "base/result.h"
#include "domain/account/access/password_gate.h"
#include "domain/account/access/session_opener.h"
#include "domain/account/config.h"
#include "domain/account/store.h"
#include "infra/async/task.h"
#include "infra/text/words.h"

namespace hongyan::account {

// Who may register. Thread-safe. Owned by Module.
class RegistrationPolicy {
 public:
  explicit RegistrationPolicy(const Config& config) : mode_(config.registration) {}

  // Told at start-up by whoever listens. Until then the server counts as reachable by strangers.
  void set_loopback_only(bool loopback_only) { loopback_only_ = loopback_only; }

  v1::Registration current() const {
    if (mode_ == "open" || (mode_ == "auto" && loopback_only_)) return v1::REGISTRATION_OPEN;
    return mode_ == "closed" ? v1::REGISTRATION_CLOSED : v1::REGISTRATION_INVITE;
  }

 private:
  const std::string mode_;
  std::atomic<bool> loopback_only_{false};
};

struct RegistrationForm {
  std::string username;
  std::string password;
  // The username when empty.
  std::string nickname;
  DeviceInfo device;
  std::string ip;
  // Token of an invite; empty for none. Not looked at where everybody may register.
  std::string invite = {};
};

// Thread-safe. Owned by Module.
class RegistrationService {
 public:
  RegistrationService(UserStore& users, PasswordGate& passwords, const SessionOpener& opener,
                      const RegistrationPolicy& policy, IdGenerator& ids, const text::Words& words)
      : users_(users), passwords_(passwords), opener_(opener), policy_(policy), ids_(ids), words_(words) {}

  v1::Registration registration() const { return policy_.current(); }
  std::int64_t password_min_length() const { return passwords_.min_length(); }

  // Creates the account and its first session together. A repeat is refused by the username. Errors:
  // registration_closed (also without the invite that is asked for), request_expired (the invite is no good),
  // invalid_argument, weak_password, content_rejected, already_exists, unavailable, timeout.
  async::Task<Result<Session>> register_user(RegistrationForm form, async::Deadline deadline);

 private:
  UserStore& users_;
  PasswordGate& passwords_;
  const SessionOpener& opener_;
  const RegistrationPolicy& policy_;
  IdGenerator& ids_;
  const text::Words& words_;
};

}  // namespace hongyan::account
