#include "domain/account/codes/reset_service.h"

namespace hongyan::account {

async::Task<Result<void>> ResetService::reset(PasswordReset form, async::Deadline deadline) {
  HY_CO_TRY(const Target target, parse_target(form.target, "target"));
  // Without the username: nobody learns it before the code was right.
  HY_CO_TRY(passwords_.check_rules(form.new_password, {}, "new_password"));
  HY_CO_TRY(co_await codes_.redeem({target, Purpose::reset_password, form.device, std::move(form.code)}, deadline));
  HY_CO_TRY(const auto found, co_await users_.credentials(target.text, std::nullopt, deadline));
  if (!found) co_return fail(ErrorCode::code_invalid, "nobody has the target");
  const UserCard& card = found->user.card;
  if (!card.enabled) co_return fail(ErrorCode::account_disabled);
  HY_CO_TRY(passwords_.check_rules(form.new_password, card.username, "new_password"));
  co_return co_await setter_.set(card, std::move(form.new_password), {}, deadline);
}

}  // namespace hongyan::account
