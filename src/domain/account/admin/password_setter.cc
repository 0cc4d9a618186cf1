#include "domain/account/admin/password_setter.h"

namespace hongyan::account {

async::Task<Result<void>> PasswordSetter::set(UserCard card, std::string password, PasswordChange change,
                                              async::Deadline deadline) {
  HY_CO_TRY(change.hash, co_await passwords_.hash(std::move(password), deadline));
  change.now = tokens_.now();
  const auto after_commit = [this, user = card.user_id, kept = change.keep_device] {
    ender_.ended({.user = user, .device = {}, .except = kept}, v1::KICK_REASON_PASSWORD_CHANGED);
  };
  HY_CO_TRY(co_await users_.set_password(card.user_id, std::move(change), after_commit, deadline));
  co_await initial_admin_.forget_password(std::move(card.username));
  co_return Result<void>();
}

}  // namespace hongyan::account
