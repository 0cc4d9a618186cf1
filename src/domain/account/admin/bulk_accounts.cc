#include "domain/account/admin/bulk_accounts.h"

#include "base/text.h"
#include "domain/account/rules.h"

namespace hongyan::account {

async::Task<Result<std::string>> BulkAccounts::hash(std::string password, async::Deadline deadline) const {
  HY_CO_TRY(passwords_.check_rules(password, {}, "password"));
  co_return co_await passwords_.hash(std::move(password), deadline);
}

async::Task<Result<Session>> BulkAccounts::create(BulkAccount wanted, async::Deadline deadline) const {
  NewAccount account;
  UserCard& card = account.user.card;
  HY_CO_TRY(card.username, fold_username(wanted.username));
  HY_CO_TRY(card.nickname, check_line(wanted.nickname, 1, kMaxNickname, "nickname"));
  HY_CO_TRY(auto plan, opener_.plan({std::nullopt, "seed", v1::PLATFORM_UNSPECIFIED}, {}));
  HY_CO_TRY(const std::uint64_t id, ids_.next());
  card.user_id = UserId(id);
  card.version = 1;
  account.created = plan.session.now;
  account.session = plan.session;
  account.password_hash = std::move(wanted.password_hash);
  User user = account.user;
  HY_CO_TRY(const auto opened, co_await users_.create(std::move(account), deadline));
  co_return opener_.finish(std::move(user), *opened, std::move(plan));
}

}  // namespace hongyan::account
