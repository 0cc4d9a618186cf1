// Numbered, forward-only changes of the schema.
#pragma once

#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "infra/sql/connection.h"

namespace hongyan::sql {

class Database;

// One file NNNN_name.sql of db/sqlite or db/mysql. The texts live as long as the program.
struct Migration {
  int number = 0;
  std::string_view name;
  // SHA-256 of the file in hex: an applied migration must never change.
  std::string_view checksum;
  std::string_view script;
};

// The files as they were when the program was built, numbered 1, 2, 3 ...; the same numbers for every kind of database.
std::span<const Migration> embedded_migrations(Dialect dialect);

// Applies what is missing, each migration in a transaction of its own together with its record. A repeat does nothing.
// Errors: `conflict` when the database is newer than the program or an applied migration differs from the program's,
// and nothing was changed then; otherwise the error of the statement, and the migrations before it stay applied. In MySQL,
// whose DDL is in no transaction, the statements before it stay as well: the migration counts as begun, no other version of
// it and no older program is let near, and the next call goes on where it stopped. The same after a crash.
Result<void> migrate(Database& database, std::span<const Migration> migrations, const Clock& clock);
// The same with those that the program has for this kind of database.
Result<void> migrate(Database& database, const Clock& clock);

}  // namespace hongyan::sql
