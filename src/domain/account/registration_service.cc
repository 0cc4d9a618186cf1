#include "domain/account/registration_service.h"

#include "base/text.h"
#include "domain/account/rules.h"

namespace hongyan::account {

async::Task<Result<Session>> RegistrationService::register_user(RegistrationForm form, async::Deadline deadline) {
  if (registration() != v1::REGISTRATION_OPEN) co_return fail(ErrorCode::registration_closed);
  NewAccount account;
  UserCard& card = account.user.card;
  HY_CO_TRY(card.username, fold_username(form.username));
  HY_CO_TRY(passwords_.check_rules(form.password, card.username, "password"));
  HY_CO_TRY(card.nickname,
            check_line(form.nickname.empty() ? card.username : form.nickname, 1, kMaxNickname, "nickname"));
  HY_CO_TRY(auto plan, opener_.plan({std::nullopt, form.device.name, form.device.platform}, form.ip));
  HY_CO_TRY(const std::uint64_t id, ids_.next());
  card.user_id = UserId(id);
  card.version = 1;
  account.created = plan.session.now;
  account.session = plan.session;
  HY_CO_TRY(account.password_hash, co_await passwords_.hash(std::move(form.password), deadline));

  User user = account.user;
  HY_CO_TRY(const auto opened, co_await users_.create(std::move(account), deadline));
  co_return opener_.finish(std::move(user), *opened, std::move(plan));
}

}  // namespace hongyan::account
