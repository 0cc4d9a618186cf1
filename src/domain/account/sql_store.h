// Accounts in the relational database.
#pragma once

#include "domain/account/api.h"
#include "domain/account/deletion/name_seal.h"
#include "domain/account/store.h"
#include "infra/sql/database.h"
#include "infra/text/sort_key.h"

namespace hongyan::account {

// Table users. Thread-safe. Its collaborators must outlive it.
class SqlUserStore final : public UserStore, public Bots {
 public:
  // `names` makes the hashes under which names of deleted accounts are reserved.
  SqlUserStore(sql::Database& database, const text::SortKeys& sort_keys, NameSeal names)
      : database_(database), sort_keys_(sort_keys), names_(std::move(names)) {}

  async::Task<Result<User>> find(UserId user, async::Deadline deadline) override;
  async::Task<Result<std::optional<Credentials>>> credentials(std::string account, std::optional<DeviceId> device,
                                                              async::Deadline deadline) override;
  async::Task<Result<std::optional<Credentials>>> credentials_of(UserId user, async::Deadline deadline) override;
  async::Task<Result<std::vector<UserCard>>> cards(std::vector<UserId> users, async::Deadline deadline) override;
  Result<std::vector<UserCard>> cards_in(sql::Session& session, std::span<const UserId> users) override;
  async::Task<Result<std::vector<UserCard>>> sounding_like(std::string text, std::size_t limit,
                                                           async::Deadline deadline) override;
  async::Task<Result<std::optional<OpenedSession>>> create(NewAccount account, async::Deadline deadline) override;
  async::Task<Result<User>> update_profile(UserId user, ProfileChange change, async::Deadline deadline) override;
  async::Task<Result<void>> set_password(UserId user, PasswordChange change, AfterCommit<> after_commit,
                                         async::Deadline deadline) override;
  async::Task<Result<void>> set_enabled(UserId user, bool enabled, AfterCommit<> after_commit,
                                        async::Deadline deadline) override;
  Result<bool> any_user() override;
  Result<void> create_now(NewAccount account) override;
  Result<void> create_in(sql::Transaction& transaction, const NewBot& bot) override;

 private:
  Result<void> insert_user(sql::Transaction& transaction, const NewAccount& account);

  sql::Database& database_;
  const text::SortKeys& sort_keys_;
  const NameSeal names_;
};

// For transactions that change the account with something else. Error: not_found.
Result<User> require_user(sql::Session& session, UserId user);

}  // namespace hongyan::account
