// When people were last here, in the relational database.
#pragma once

#include "domain/presence/store.h"
#include "infra/sql/database.h"

namespace hongyan::presence {

// Table last_seen. Thread-safe. Owned by Module; the database must outlive it.
class SqlStore final : public Store {
 public:
  explicit SqlStore(sql::Database& database) : database_(database) {}

  async::Task<Result<void>> write(std::vector<LastSeen> rows, async::Deadline deadline) override;
  async::Task<Result<std::vector<LastSeen>>> read(std::vector<UserId> users, async::Deadline deadline) override;
  async::Task<Result<void>> drop(UserId user, async::Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace hongyan::presence
