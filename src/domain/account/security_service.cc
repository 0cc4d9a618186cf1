#include "domain/account/security_service.h"

namespace hongyan::account {
namespace {

constexpr std::int64_t kMaxListed = 1000;

}  // namespace

async::Task<Result<void>> SecurityService::change_password(PasswordForm form, async::Deadline deadline) {
  const UserId user = form.user;
  const DeviceId device = form.device;
  HY_CO_TRY(const auto found, co_await users_.credentials_of(user, deadline));
  if (!found) co_return fail(ErrorCode::token_revoked, "the account is gone");
  const std::string& username = found->user.card.username;
  HY_CO_TRY(passwords_.check_rules(form.new_password, username, "new_password"));
  // A password that must be changed is not changed by typing it again.
  if (form.new_password == form.old_password) {
    Error error(ErrorCode::weak_password, "the same as before");
    error.field = "new_password";
    co_return fail(std::move(error));
  }
  HY_CO_TRY(co_await passwords_.verify({username, form.ip, device}, found->password_hash, std::move(form.old_password),
                                       deadline));

  PasswordChange change;
  change.expected_hash = found->password_hash;
  change.keep_device = device;
  co_return co_await setter_.set(found->user.card, std::move(form.new_password), std::move(change), deadline);
}

async::Task<Result<std::vector<Device>>> SecurityService::list_devices(UserId user, async::Deadline deadline) {
  return devices_.list(user, tokens_.now(), kMaxListed, deadline);
}

async::Task<Result<void>> SecurityService::revoke_device(UserId user, DeviceId device, async::Deadline deadline) {
  const auto after_commit = [this, user, device] {
    ender_.ended({.user = user, .device = device, .except = {}}, v1::KICK_REASON_REVOKED);
  };
  HY_CO_TRY(const auto revoked,
            co_await devices_.revoke(user, {.only = device, .except = {}}, tokens_.now(), after_commit, deadline));
  if (revoked == 0) co_return fail(ErrorCode::not_found, "no such device");
  co_return Result<void>();
}

async::Task<Result<std::int64_t>> SecurityService::revoke_others(UserId user, DeviceId keep, async::Deadline deadline) {
  const auto after_commit = [this, user, keep] {
    ender_.ended({.user = user, .device = {}, .except = keep}, v1::KICK_REASON_REVOKED);
  };
  return devices_.revoke(user, {.only = {}, .except = keep}, tokens_.now(), after_commit, deadline);
}

}  // namespace hongyan::account
