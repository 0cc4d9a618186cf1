#include "domain/account/access/password_gate.h"

#include "domain/account/rules.h"

namespace hongyan::account {

Result<void> PasswordGate::check_rules(std::string_view password, std::string_view username,
                                       std::string_view field) const {
  return check_password(password, username, min_length_, field);
}

async::Task<Result<std::string>> PasswordGate::hash(std::string password, async::Deadline deadline) {
  return cpu_.run(deadline, [this, password = std::move(password)] { return hasher_.hash(password); });
}

async::Task<Result<void>> PasswordGate::verify(PasswordAttempt attempt, std::optional<std::string> hash,
                                               std::string password, async::Deadline deadline) {
  HY_CO_TRY(const auto begun, throttle_.begin(attempt.account, attempt.ip, attempt.known_device));
  const auto right = co_await cpu_.run(deadline, [this, hash = std::move(hash), password = std::move(password)] {
    return Result<bool>(hasher_.verify(hash, password));
  });
  if (!right) {
    throttle_.abandoned(begun);
    co_return std::unexpected(right.error());
  }
  if (!*right) co_return fail(ErrorCode::wrong_credentials);
  throttle_.succeeded(begun);
  co_return Result<void>();
}

std::string PasswordGate::one_time() const { return one_time_password(random_); }

}  // namespace hongyan::account
