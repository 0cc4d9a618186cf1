#include "domain/account/registration_service.h"

#include "base/text.h"
#include "domain/account/rules.h"

namespace hongyan::account {
namespace {

// What is no token at all is as good as one that nobody knows.
Result<std::string> invite_hash_of(std::string_view token) {
  auto hash = Tokens::refresh_hash(token);
  if (!hash) return fail(ErrorCode::request_expired, "no good invite");
  return hash;
}

}  // namespace

async::Task<Result<Session>> RegistrationService::register_user(RegistrationForm form, async::Deadline deadline) {
  const v1::Registration mode = registration();
  const bool needs_invite = mode == v1::REGISTRATION_INVITE;
  if (mode == v1::REGISTRATION_CLOSED || (needs_invite && form.invite.empty())) {
    co_return fail(ErrorCode::registration_closed, needs_invite ? "by invite only" : "");
  }
  NewAccount account;
  if (needs_invite) {
    HY_CO_TRY(account.invite_hash, invite_hash_of(form.invite));
  }
  UserCard& card = account.user.card;
  HY_CO_TRY(card.username, fold_username(form.username));
  HY_CO_TRY(passwords_.check_rules(form.password, card.username, "password"));
  HY_CO_TRY(card.nickname,
            check_line(form.nickname.empty() ? card.username : form.nickname, 1, kMaxNickname, "nickname"));
  HY_CO_TRY(text::refuse_words(words_, card.username, "username"));
  HY_CO_TRY(text::refuse_words(words_, card.nickname, "nickname"));
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
