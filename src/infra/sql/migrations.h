// Numbered, forward-only changes of the schema.
#pragma once

#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace hongyan::sql {

class Database;

// One file db/sqlite/NNNN_name.sql. The texts live as long as the program.
struct Migration {
  int number = 0;
  std::string_view name;
  // SHA-256 of the file in hex: an applied migration must never change.
  std::string_view checksum;
  std::string_view script;
};

// The files as they were when the program was built, numbered 1, 2, 3 ...
std::span<const Migration> embedded_migrations();

// Applies what is missing, each migration in a transaction of its own together with its record. A repeat does nothing.
// Errors: `conflict` when the database is newer than the program or an applied migration differs from the program's,
// and nothing was changed then; otherwise the error of the statement, and the migrations before it stay applied.
Result<void> migrate(Database& database, std::span<const Migration> migrations, const Clock& clock);

}  // namespace hongyan::sql
