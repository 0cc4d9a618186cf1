// Exports in the relational database.
#pragma once

#include "domain/account/events.h"
#include "domain/account/exports/store.h"
#include "infra/sql/database.h"

namespace hongyan::account {

// Table exports, and through the event log the user events. Thread-safe. Owned by Module; its collaborators must outlive it.
class SqlExportStore final : public ExportStore {
 public:
  SqlExportStore(sql::Database& database, UserEvents& events) : database_(database), events_(events) {}

  async::Task<Result<Export>> begin(Export fresh, std::int64_t daily, async::Deadline deadline) override;
  async::Task<Result<std::optional<Export>>> last(UserId user, async::Deadline deadline) override;
  async::Task<Result<std::vector<Export>>> running(std::size_t limit, async::Deadline deadline) override;
  async::Task<Result<bool>> advance(Export one, async::Deadline deadline) override;
  async::Task<Result<std::vector<ExportId>>> living(std::vector<ExportId> ids, async::Deadline deadline) override;
  async::Task<Result<std::vector<Export>>> drop_expired(TimeMs now, std::size_t limit,
                                                        async::Deadline deadline) override;
  async::Task<Result<std::vector<Export>>> drop_all(UserId user, async::Deadline deadline) override;

 private:
  Result<void> tell(sql::Transaction& transaction, const Export& one);

  sql::Database& database_;
  UserEvents& events_;
};

}  // namespace hongyan::account
