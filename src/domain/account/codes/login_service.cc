#include "domain/account/codes/login_service.h"

namespace hongyan::account {

async::Task<Result<Session>> CodeLoginService::login(CodeLogin attempt, async::Deadline deadline) {
  HY_CO_TRY(const Target target, parse_target(attempt.account, "account"));
  HY_CO_TRY(auto plan, opener_.plan(attempt.device, std::move(attempt.ip)));
  HY_CO_TRY(co_await codes_.redeem({target, Purpose::login, attempt.device.device, std::move(attempt.code)}, deadline));
  HY_CO_TRY(auto found, co_await users_.credentials(target.text, std::nullopt, deadline));
  if (!found) co_return fail(ErrorCode::code_invalid, "nobody has the target");
  if (!found->user.card.enabled) co_return fail(ErrorCode::account_disabled);

  const UserId user = found->user.card.user_id;
  HY_CO_TRY(const auto opened, co_await devices_.open(user, plan.session, opener_.after_commit(user), deadline));
  co_return opener_.finish(std::move(found->user), opened, std::move(plan));
}

}  // namespace hongyan::account
