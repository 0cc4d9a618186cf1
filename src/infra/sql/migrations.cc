#include "infra/sql/migrations.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <tuple>

#include "infra/sql/database.h"

namespace hongyan::sql {
namespace {

constexpr std::string_view kCreateRecord =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    " number BIGINT NOT NULL PRIMARY KEY,"
    " name VARCHAR(100) NOT NULL,"
    " checksum CHAR(64) NOT NULL,"
    " applied_ms BIGINT NOT NULL)";

struct Record {
  std::string checksum;
  // 0 until its end.
  TimeMs applied;
};
using Records = std::map<int, Record>;

// What the database has, by number.
Result<Records> read_records(Database& database) {
  return database.write_now([](Transaction& transaction) -> Result<Records> {
    HY_TRY(transaction.execute(kCreateRecord));
    HY_TRY(const auto rows,
           (transaction.query<int, std::string, TimeMs>("SELECT number, checksum, applied_ms FROM schema_migrations")));
    Records records;
    for (const auto& [number, checksum, applied] : rows) records.emplace(number, Record{checksum, applied});
    return records;
  });
}

Result<void> check_history(const Records& records, std::span<const Migration> migrations) {
  for (const auto& [number, record] : records) {
    if (number < 1 || static_cast<std::size_t>(number) > migrations.size()) {
      return fail(ErrorCode::conflict,
                  fmt::format("the database has migration {}, this program knows {}: use a newer program", number,
                              migrations.size()));
    }
    const Migration& known = migrations[static_cast<std::size_t>(number) - 1];
    if (known.checksum != record.checksum) {
      return fail(ErrorCode::conflict, fmt::format("migration {:04}_{} was changed after it had been {}", number,
                                                   known.name, record.applied.value == 0 ? "begun" : "applied"));
    }
  }
  return {};
}

Result<void> apply(Database& database, const Migration& migration, bool begun, TimeMs now) {
  return database.write_now([&](Transaction& transaction) -> Result<void> {
    if (!begun) {
      HY_TRY(transaction.execute(
          "INSERT INTO schema_migrations (number, name, checksum, applied_ms) VALUES (:n, :m, :c, 0)", migration.number,
          migration.name, migration.checksum));
    }
    HY_TRY(transaction.run_migration(migration));
    HY_TRY(
        transaction.execute("UPDATE schema_migrations SET applied_ms = :t WHERE number = :n", now, migration.number));
    return {};
  });
}

}  // namespace

Result<void> migrate(Database& database, std::span<const Migration> migrations, const Clock& clock) {
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].number != static_cast<int>(i) + 1) {
      return fail(ErrorCode::internal, fmt::format("migration {} is missing in the program", i + 1));
    }
  }
  HY_TRY(const Records records, read_records(database));
  HY_TRY(check_history(records, migrations));
  for (const Migration& migration : migrations) {
    const auto record = records.find(migration.number);
    const bool begun = record != records.end();
    if (begun && record->second.applied.value != 0) continue;
    HY_TRY(apply(database, migration, begun, clock.now()));
  }
  return {};
}

Result<void> migrate(Database& database, const Clock& clock) {
  return migrate(database, embedded_migrations(database.dialect()), clock);
}

}  // namespace hongyan::sql
