// Settings in the relational database.
#pragma once

#include "domain/account/events.h"
#include "domain/account/store.h"
#include "infra/sql/database.h"

namespace hongyan::account {

// Table user_settings. Thread-safe. Owned by Module; what it is made with must outlive it.
class SqlSettingsStore final : public SettingsStore {
 public:
  SqlSettingsStore(sql::Database& database, UserEvents& events) : database_(database), events_(events) {}

  async::Task<Result<Settings>> find(UserId user, async::Deadline deadline) override;
  async::Task<Result<std::vector<Settings>>> find_all(std::vector<UserId> users, async::Deadline deadline) override;
  Result<std::vector<Settings>> find_now(std::span<const UserId> users) override;
  async::Task<Result<Settings>> update(UserId user, SettingsChange change, AfterCommit<> after_commit,
                                       async::Deadline deadline) override;

 private:
  sql::Database& database_;
  UserEvents& events_;
};

// For transactions that change the settings with something else.
Result<void> replace_settings(sql::Transaction& transaction, UserId user, const Settings& settings);

}  // namespace hongyan::account
