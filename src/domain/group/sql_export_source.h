// What people have to do with the doors of groups, for their copy of it.
#pragma once

#include "domain/account/api.h"
#include "infra/sql/database.h"

namespace hongyan::group {

// The requests that wait, the invites they have made, the notices they have written. Tables group_requests, group_invites,
// group_notices. Thread-safe. Owned by Module; the database must outlive it.
class SqlExportSource final : public account::ExportSource {
 public:
  explicit SqlExportSource(sql::Database& database) : database_(database) {}

  async::Task<Result<account::ExportPart>> read(UserId user, std::string from, async::Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace hongyan::group
