// Reports in SQL.
#pragma once

#include "domain/moderation/store.h"
#include "infra/sql/database.h"

namespace hongyan::moderation {

// Thread-safe. Owned by Module.
class SqlReportStore final : public ReportStore {
 public:
  explicit SqlReportStore(sql::Database& database) : database_(database) {}

  async::Task<Result<ReportId>> add(NewReport report, async::Deadline deadline) override;
  async::Task<Result<std::vector<Report>>> list(ReportQuery query, async::Deadline deadline) override;
  async::Task<Result<void>> close(ReportId report, TimeMs now, async::Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace hongyan::moderation
