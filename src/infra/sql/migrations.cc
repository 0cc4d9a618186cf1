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

// number -> checksum of what the database has.
Result<std::map<int, std::string>> applied_migrations(Database& database) {
  return database.write_now([](Transaction& transaction) -> Result<std::map<int, std::string>> {
    HY_TRY(transaction.execute(kCreateRecord));
    HY_TRY(const auto rows, (transaction.query<int, std::string>("SELECT number, checksum FROM schema_migrations")));
    std::map<int, std::string> applied;
    for (const auto& [number, checksum] : rows) applied.emplace(number, checksum);
    return applied;
  });
}

Result<void> check_history(const std::map<int, std::string>& applied, std::span<const Migration> migrations) {
  for (const auto& [number, checksum] : applied) {
    if (number < 1 || static_cast<std::size_t>(number) > migrations.size()) {
      return fail(ErrorCode::conflict,
                  fmt::format("the database has migration {}, this program knows {}: use a newer program", number,
                              migrations.size()));
    }
    const Migration& known = migrations[static_cast<std::size_t>(number) - 1];
    if (known.checksum != checksum) {
      return fail(ErrorCode::conflict,
                  fmt::format("migration {:04}_{} was changed after it had been applied", number, known.name));
    }
  }
  return {};
}

Result<void> apply(Database& database, const Migration& migration, TimeMs now) {
  return database.write_now([&](Transaction& transaction) -> Result<void> {
    HY_TRY(transaction.execute_script(migration.script));
    HY_TRY(transaction.execute(
        "INSERT INTO schema_migrations (number, name, checksum, applied_ms) VALUES (:n, :m, :c, :t)", migration.number,
        migration.name, migration.checksum, now));
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
  HY_TRY(const auto applied, applied_migrations(database));
  HY_TRY(check_history(applied, migrations));
  for (const Migration& migration : migrations) {
    if (!applied.contains(migration.number)) HY_TRY(apply(database, migration, clock.now()));
  }
  return {};
}

}  // namespace hongyan::sql
