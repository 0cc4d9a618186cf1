#include "domain/account/access/authenticator.h"

#include "infra/log/log.h"

namespace hongyan::account {
namespace {

// Whether the device may act at all, whatever token it shows.
Result<void> check_state(const std::optional<AuthState>& state, TimeMs now) {
  if (!state || state->device_revoked) return fail(ErrorCode::token_revoked, "the device was revoked");
  if (!state->user_enabled) return fail(ErrorCode::account_disabled);
  if (state->session_expires <= now) return fail(ErrorCode::token_expired, "the session lapsed");
  return {};
}

}  // namespace

async::Task<Result<Identity>> Authenticator::authenticate(std::string access_token, async::Deadline deadline) {
  HY_CO_TRY(const AccessClaims claims, tokens_.read_access(access_token));
  HY_CO_TRY(const auto state, co_await state_of(claims.user, claims.device, deadline));
  HY_CO_TRY(check_state(state, tokens_.now()));
  if (claims.token_version != state->token_version)
    co_return fail(ErrorCode::token_revoked, "an earlier token version");
  if (claims.generation == state->generation && !state->generation_used) {
    co_await note_first_use(claims, *state, deadline);
  }
  co_return Identity{claims.user, claims.device, state->must_change_password};
}

async::Task<Result<bool>> Authenticator::still_valid(UserId user, DeviceId device, async::Deadline deadline) {
  HY_CO_TRY(const auto state, co_await state_of(user, device, deadline));
  if (!check_state(state, tokens_.now())) co_return false;
  // A socket that is open and silent is in use too.
  last_seen_.note(device, {});
  co_return true;
}

async::Task<Result<std::optional<AuthState>>> Authenticator::state_of(UserId user, DeviceId device,
                                                                      async::Deadline deadline) {
  if (auto known = cache_.find(user, device)) co_return known;
  const std::uint64_t drops = cache_.drops();
  HY_CO_TRY(const auto state, co_await devices_.auth_state(user, device, deadline));
  if (state) cache_.put(user, device, *state, drops);
  co_return state;
}

async::Task<void> Authenticator::note_first_use(AccessClaims claims, AuthState state, async::Deadline deadline) {
  const std::uint64_t drops = cache_.drops();
  const auto marked = co_await devices_.mark_used(claims.device, claims.generation, deadline);
  if (!marked) {
    // The refresh token before this one is answered a little longer: no reason to refuse the request.
    log::debug("first_use_not_marked", {{"device", claims.device}, {"why", marked.error().detail}});
    co_return;
  }
  state.generation_used = true;
  cache_.put(claims.user, claims.device, state, drops);
}

}  // namespace hongyan::account
