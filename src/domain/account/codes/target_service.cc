#include "domain/account/codes/target_service.h"

namespace hongyan::account {

async::Task<Result<User>> TargetService::change(TargetForm form, async::Deadline deadline) {
  HY_CO_TRY(const Target target, parse_target(form.value, "value", form.kind));
  HY_CO_TRY(const auto found, co_await users_.credentials_of(form.user, deadline));
  if (!found) co_return fail(ErrorCode::token_revoked, "the account is gone");
  HY_CO_TRY(co_await passwords_.verify({found->user.card.username, std::move(form.ip), form.device},
                                       found->password_hash, std::move(form.password), deadline));
  HY_CO_TRY(co_await codes_.redeem({target, Purpose::own, form.device, std::move(form.code)}, deadline));
  auto changed = co_await store_.give_target(form.user, target, deadline);
  if (!changed && changed.error().code == ErrorCode::already_exists) changed.error().field = "value";
  co_return changed;
}

}  // namespace hongyan::account
