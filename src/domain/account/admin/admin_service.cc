#include "domain/account/admin/admin_service.h"

#include "base/text.h"
#include "domain/account/codes/rules.h"
#include "domain/account/rules.h"
#include "infra/async/announcement.h"
#include "infra/log/log.h"

namespace hongyan::account {
namespace {

// The one spelling of what may be left out.
Result<std::string> target_of(std::string_view text, TargetKind kind, std::string_view field) {
  if (text.empty()) return std::string();
  HY_TRY(auto target, parse_target(text, field, kind));
  return std::move(target.text);
}

}  // namespace

async::Task<Result<CreatedUser>> AdminService::create_user(NewUser user, async::Deadline deadline) {
  NewAccount account;
  CreatedUser created;
  UserCard& card = account.user.card;
  HY_CO_TRY(card.username, fold_username(user.username));
  HY_CO_TRY(card.nickname,
            check_line(user.nickname.empty() ? card.username : user.nickname, 1, kMaxNickname, "nickname"));
  HY_CO_TRY(account.user.email, target_of(user.email, v1::CODE_TARGET_EMAIL, "email"));
  HY_CO_TRY(account.user.phone, target_of(user.phone, v1::CODE_TARGET_PHONE, "phone"));
  if (user.password) HY_CO_TRY(passwords_.check_rules(*user.password, card.username, "password"));
  if (!user.password) created.generated_password = passwords_.one_time();
  HY_CO_TRY(const std::uint64_t id, ids_.next());
  card.user_id = UserId(id);
  card.version = 1;
  created.card = card;
  account.user.role = user.role;
  account.user.must_change_password = created.generated_password.has_value();
  account.created = tokens_.now();
  const std::string& password = user.password ? *user.password : *created.generated_password;
  HY_CO_TRY(account.password_hash, co_await passwords_.hash(password, deadline));
  HY_CO_TRY(co_await users_.create(std::move(account), deadline));
  log::info("account_created", {{"user", created.card.user_id}});
  co_return created;
}

async::Task<Result<std::string>> AdminService::reset_password(std::string username, async::Deadline deadline) {
  HY_CO_TRY(const User user, co_await find(std::move(username), deadline));
  if (user.card.bot) co_return fail(Error::invalid("username", "nobody logs in to a bot"));
  std::string password = passwords_.one_time();
  PasswordChange change;
  change.must_change = true;
  HY_CO_TRY(co_await setter_.set(user.card, password, std::move(change), deadline));
  log::info("password_reset", {{"user", user.card.user_id}});
  co_return password;
}

async::Task<Result<void>> AdminService::set_enabled(std::string username, bool enabled, async::Deadline deadline) {
  HY_CO_TRY(const User user, co_await find(std::move(username), deadline));
  const UserId id = user.card.user_id;
  async::Announcement bumped(co_await async::this_loop(), deadline);
  auto after_commit = [this, id, enabled, done = bumped.announce()]() mutable {
    enabled ? ender_.enabled(id, std::move(done)) : ender_.disabled(id, std::move(done));
  };
  HY_CO_TRY(co_await users_.set_enabled(id, enabled, std::move(after_commit), deadline));
  // The change is durable; what is not known yet is that no sequencer acts on what was true before.
  if (!co_await bumped.wait()) co_return fail(ErrorCode::timeout, "a sequencer has not acknowledged");
  log::info(enabled ? "account_enabled" : "account_disabled", {{"user", id}});
  co_return Result<void>();
}

async::Task<Result<User>> AdminService::find(std::string username, async::Deadline deadline) {
  const auto folded = fold_username(username);
  if (!folded) co_return fail(ErrorCode::not_found, "no such user");
  HY_CO_TRY(auto found, co_await users_.credentials(*folded, std::nullopt, deadline));
  if (!found) co_return fail(ErrorCode::not_found, "no such user");
  co_return std::move(found->user);
}

}  // namespace hongyan::account
