// Deletions of accounts in the relational database.
#pragma once

#include "domain/account/codes/rules.h"
#include "domain/account/deletion/name_seal.h"
#include "domain/account/deletion/store.h"
#include "domain/account/events.h"
#include "infra/sql/database.h"

namespace hongyan::account {

// All tables of the slice. Thread-safe. Owned by Module; its collaborators must outlive it.
class SqlDeletionStore final : public DeletionStore {
 public:
  // `names` and `codes` make the hashes under which names are reserved and codes are kept.
  SqlDeletionStore(sql::Database& database, UserEvents& events, NameSeal names, CodeSeal codes)
      : database_(database), events_(events), names_(std::move(names)), codes_(std::move(codes)) {}

  async::Task<Result<TimeMs>> schedule(UserId user, TimeMs at, TimeMs now, AfterCommit<> after_commit,
                                       async::Deadline deadline) override;
  async::Task<Result<User>> cancel(UserId user, async::Deadline deadline) override;
  async::Task<Result<std::vector<DueDeletion>>> due(TimeMs now, std::size_t limit, async::Deadline deadline) override;
  async::Task<Result<void>> scrub(UserId user, TimeMs now, AfterCommit<> after_commit,
                                  async::Deadline deadline) override;
  async::Task<Result<bool>> drop_events(UserId user, async::Deadline deadline) override;
  async::Task<Result<void>> overwrite(async::Deadline deadline) override;
  async::Task<Result<void>> finish(UserId user, async::Deadline deadline) override;

 private:
  Result<void> tell(sql::Transaction& transaction, UserId user, std::optional<TimeMs> at);

  sql::Database& database_;
  UserEvents& events_;
  const NameSeal names_;
  const CodeSeal codes_;
};

}  // namespace hongyan::account
