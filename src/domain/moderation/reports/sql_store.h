// Reports in SQL.
#pragma once

#include "domain/account/api.h"
#include "domain/moderation/store.h"
#include "infra/sql/database.h"

namespace hongyan::moderation {

// Thread-safe. Owned by Module. Of whose account ends, the reports stay, but nothing that they have written, and nothing of what
// others saw of them.
class SqlReportStore final : public ReportStore, public account::DeletionStep, public account::ExportSource {
 public:
  explicit SqlReportStore(sql::Database& database) : database_(database) {}

  async::Task<Result<ReportId>> add(NewReport report, async::Deadline deadline) override;
  async::Task<Result<std::vector<Report>>> list(ReportQuery query, async::Deadline deadline) override;
  async::Task<Result<void>> close(ReportId report, TimeMs now, async::Deadline deadline) override;
  async::Task<Result<bool>> forget(UserId user, async::Deadline deadline) override;
  async::Task<Result<account::ExportPart>> read(UserId user, std::string from, async::Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace hongyan::moderation
