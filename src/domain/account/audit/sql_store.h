// What the relational database holds of users' own changes, for what looks through all of it.
#pragma once

#include <cstddef>
#include <vector>

#include "domain/account/events.h"
#include "infra/sql/database.h"

namespace hongyan::account {

// The log of one user in figures.
struct EventLogItem {
  UserId user;
  // The counter; 0 when there is none.
  UserVersion version;
  // Of the newest event that is kept.
  UserVersion newest;
  std::int64_t events = 0;
  std::int64_t distinct_versions = 0;
  // There is such an account.
  bool known = false;
};

// Blocks. Thread-safe. Errors: unavailable, internal.
class SqlInventory {
 public:
  explicit SqlInventory(sql::Database& database) : database_(database) {}

  // By user, after this one; at most `limit`.
  Result<std::vector<EventLogItem>> event_logs(UserId after, std::size_t limit);
  Result<std::int64_t> count_users();

 private:
  sql::Database& database_;
};

}  // namespace hongyan::account
