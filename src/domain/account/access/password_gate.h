// Passwords as the services use them: off the io threads, within the rules, and throttled.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "domain/account/access/throttle.h"
#include "domain/account/config.h"
#include "infra/async/blocking_pool.h"
#include "infra/async/task.h"
#include "infra/crypto/password.h"
#include "infra/crypto/random.h"

namespace hongyan::account {

// Who tries a password.
struct PasswordAttempt {
  // Folded; also a name nobody has.
  std::string account;
  std::string ip;
  std::optional<DeviceId> known_device;
};

// Thread-safe. Owned by Module.
class PasswordGate {
 public:
  PasswordGate(const crypto::PasswordHasher& hasher, async::BlockingPool& cpu, crypto::RandomSource& random,
               LoginThrottle& throttle, const Config& config)
      : hasher_(hasher), cpu_(cpu), random_(random), throttle_(throttle), min_length_(config.password_min_length) {}

  std::int64_t min_length() const { return min_length_; }

  // Error: weak_password on `field`.
  Result<void> check_rules(std::string_view password, std::string_view username, std::string_view field) const;

  // Errors: unavailable, timeout.
  async::Task<Result<std::string>> hash(std::string password, async::Deadline deadline);
  // The same on the calling thread, for start-up.
  Result<std::string> hash_now(std::string_view password) const { return hasher_.hash(password); }

  // Success when the password made `hash`; without a hash it costs the same and never succeeds. Errors:
  // wrong_credentials, rate_limited with retry_after_ms, unavailable, timeout.
  async::Task<Result<void>> verify(PasswordAttempt attempt, std::optional<std::string> hash, std::string password,
                                   async::Deadline deadline);

  // A password to be typed once.
  std::string one_time() const;

 private:
  const crypto::PasswordHasher& hasher_;
  async::BlockingPool& cpu_;
  crypto::RandomSource& random_;
  LoginThrottle& throttle_;
  const std::int64_t min_length_;
};

}  // namespace hongyan::account
