#include "domain/account/session_service.h"

#include "domain/account/codes/rules.h"
#include "domain/account/rules.h"
#include "infra/log/log.h"

namespace hongyan::account {
namespace {

// The error of a refresh that gives no tokens; nothing when it does.
std::optional<ErrorCode> refusal_of(RefreshVerdict verdict) {
  switch (verdict) {
    case RefreshVerdict::rotate:
    case RefreshVerdict::repeat: return std::nullopt;
    case RefreshVerdict::reuse:
    case RefreshVerdict::revoked: return ErrorCode::token_revoked;
    case RefreshVerdict::lapsed: return ErrorCode::token_expired;
    case RefreshVerdict::disabled: return ErrorCode::account_disabled;
    case RefreshVerdict::unknown: return ErrorCode::unauthenticated;
  }
  return ErrorCode::internal;
}

}  // namespace

async::Task<Result<Session>> SessionService::login(LoginAttempt attempt, async::Deadline deadline) {
  HY_CO_TRY(auto plan, opener_.plan(attempt.device, attempt.ip));
  // A name nobody can have goes the same way, so that it takes the same time.
  const std::string name = fold_account(attempt.account).value_or(attempt.account);
  HY_CO_TRY(const auto found, co_await users_.credentials(name, attempt.device.device, deadline));

  PasswordAttempt guess{name, attempt.ip, std::nullopt};
  if (found && found->device_known) guess.known_device = attempt.device.device;
  // No password is that of a bot.
  const auto hash = found && !found->user.card.bot ? std::optional(found->password_hash) : std::nullopt;
  HY_CO_TRY(co_await passwords_.verify(std::move(guess), hash, std::move(attempt.password), deadline));
  if (!found->user.card.enabled) co_return fail(ErrorCode::account_disabled);

  const UserId user = found->user.card.user_id;
  HY_CO_TRY(const auto opened, co_await devices_.open(user, plan.session, opener_.after_commit(user), deadline));
  co_return opener_.finish(found->user, opened, std::move(plan));
}

async::Task<Result<RefreshedSession>> SessionService::refresh(std::string refresh_token, std::string ip,
                                                              async::Deadline deadline) {
  Rotation rotation;
  HY_CO_TRY(rotation.token_hash, Tokens::refresh_hash(refresh_token));
  std::string successor = tokens_.successor(refresh_token);
  HY_CO_TRY(rotation.successor_hash, Tokens::refresh_hash(successor));
  rotation.now = tokens_.now();
  rotation.session = tokens_.session_lifetime();
  rotation.grace = tokens_.refresh_grace();
  rotation.ip = std::move(ip);

  const auto after_commit = [this](const Rotated& rotated) {
    if (rotated.verdict == RefreshVerdict::rotate) ender_.changed(rotated.user);
    if (rotated.verdict != RefreshVerdict::reuse) return;
    ender_.ended({.user = rotated.user, .device = rotated.device, .except = {}}, v1::KICK_REASON_REVOKED);
    log::warn("refresh_token_reused", {{"user", rotated.user}, {"device", rotated.device}});
  };
  HY_CO_TRY(const auto rotated, co_await devices_.rotate(std::move(rotation), after_commit, deadline));
  if (const auto refusal = refusal_of(rotated.verdict)) co_return fail(*refusal);

  RefreshedSession session{rotated.user, rotated.device, {}, std::move(successor), tokens_.access_lifetime()};
  session.access_token =
      tokens_.issue_access({rotated.user, rotated.device, rotated.token_version, rotated.generation});
  co_return session;
}

async::Task<Result<void>> SessionService::logout(UserId user, DeviceId device, async::Deadline deadline) {
  const auto after_commit = [this, user, device] {
    ender_.ended({.user = user, .device = device, .except = {}}, v1::KICK_REASON_REVOKED);
  };
  HY_CO_TRY(co_await devices_.revoke(user, {.only = device, .except = {}}, tokens_.now(), after_commit, deadline));
  co_return Result<void>();
}

}  // namespace hongyan::account
