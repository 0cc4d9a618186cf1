#include "domain/account/admin/initial_admin.h"

#include "infra/config/data_folder.h"
#include "infra/log/log.h"

namespace hongyan::account {
namespace {

constexpr std::string_view kUsername = "admin";
constexpr std::chrono::seconds kRemovalDeadline{10};

Result<void> remove_file(const std::filesystem::path& file) {
  std::error_code problem;
  std::filesystem::remove(file, problem);
  if (problem) return fail(ErrorCode::internal, problem.message());
  return {};
}

}  // namespace

Result<std::optional<std::string>> InitialAdmin::ensure() {
  HY_TRY(const bool any, users_.any_user());
  if (any) return std::optional<std::string>();

  NewAccount account;
  HY_TRY(const std::uint64_t id, ids_.next());
  account.user.card.user_id = UserId(id);
  account.user.card.username = kUsername;
  account.user.card.nickname = kUsername;
  account.user.role = v1::ACCOUNT_ROLE_ADMIN;
  account.user.must_change_password = true;
  account.created = tokens_.now();
  std::string password = passwords_.one_time();
  HY_TRY(account.password_hash, passwords_.hash_now(password));
  HY_TRY(config::write_file_durably(file_, password + "\n"));
  HY_TRY(users_.create_now(std::move(account)));
  return std::optional(std::move(password));
}

async::Task<void> InitialAdmin::forget_password(std::string username) {
  if (username != kUsername) co_return;
  const auto removed =
      co_await pool_.run(async::deadline_in(kRemovalDeadline), [file = file_] { return remove_file(file); });
  if (!removed) log::warn("initial_password_file_stays", {{"why", removed.error().detail}});
}

}  // namespace hongyan::account
