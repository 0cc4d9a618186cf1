// Whether the migrations of both kinds of databases lead to the same tables.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>

#include "infra/sql/migrations.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::sql {
namespace {

// A table as lines of text: its columns, its primary key, its indexes.
using Lines = std::set<std::string>;
using Schema = std::map<std::string, Lines>;
using Text = std::optional<std::string>;

// What a column can hold, whatever its type is called.
std::string class_of(std::string type) {
  std::ranges::transform(type, type.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  const auto has = [&](std::string_view part) { return type.contains(part); };
  if (has("int")) return "integer";
  if (has("char")) return type;
  if (has("text")) return "text";
  if (has("blob")) return "bytes";
  if (has("double") || has("real")) return "real";
  return "unknown: " + type;
}

std::string column_line(const std::string& name, const std::string& type, bool nullable, const Text& given) {
  // Literals are quoted by SQLite and MariaDB, not by MySQL; MariaDB has NULL as a default of its own.
  std::string text = given.value_or("NULL");
  std::erase(text, '\'');
  return fmt::format("column {} {}{} default {}", name, class_of(type), nullable ? "" : " not null", text);
}

template <class... Ts, class... Args>
std::vector<std::tuple<Ts...>> rows(Database& database, std::string_view statement, Args... args) {
  return database.read_now([&](Session& session) { return session.query<Ts...>(statement, args...); }).value();
}

// Of both, without what the dialect keeps for itself.
bool is_own(const std::string& table) {
  return table == "schema_migrations" || table == "schema_progress" || table == "numbered_tables" ||
         table.starts_with("sqlite_");
}

Lines sqlite_table(Database& database, const std::string& table) {
  Lines lines;
  std::map<int, std::string> key;
  for (const auto& [name, type, not_null, given, place] : rows<std::string, std::string, bool, Text, int>(
           database, "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info(:table)", table)) {
    // A key that is an INTEGER cannot be NULL, though SQLite does not say so.
    lines.insert(column_line(name, type, !not_null && place == 0, given));
    if (place > 0) key[place] = name;
  }
  std::string columns;
  for (const auto& [place, name] : key) columns += " " + name;
  lines.insert("primary key" + columns);
  for (const auto& [index, unique, origin] : rows<std::string, bool, std::string>(
           database, "SELECT name, \"unique\", origin FROM pragma_index_list(:table)", table)) {
    if (origin == "pk") continue;
    std::string line = unique ? "unique" : "index " + index;
    for (const auto& [name, descending] : rows<std::string, bool>(
             database, "SELECT name, \"desc\" FROM pragma_index_xinfo(:index) WHERE \"key\" = 1 ORDER BY seqno",
             index)) {
      line += " " + name + (descending ? " desc" : "");
    }
    lines.insert(line);
  }
  return lines;
}

Schema sqlite_schema(Database& database) {
  Schema schema;
  for (const auto& [table] : rows<std::string>(database, "SELECT name FROM sqlite_master WHERE type = 'table'")) {
    if (!is_own(table)) schema[table] = sqlite_table(database, table);
  }
  return schema;
}

Lines mysql_table(Database& database, const std::string& table) {
  Lines lines;
  for (const auto& [name, type, nullable, given] : rows<std::string, std::string, std::string, Text>(
           database,
           "SELECT column_name, column_type, is_nullable, column_default FROM information_schema.columns"
           " WHERE table_schema = DATABASE() AND table_name = :table",
           table)) {
    lines.insert(column_line(name, type, nullable == "YES", given));
  }
  // InnoDB makes an index for each foreign key that has none.
  Lines foreign;
  for (const auto& [column] :
       rows<std::string>(database,
                         "SELECT column_name FROM information_schema.key_column_usage WHERE table_schema = DATABASE()"
                         " AND table_name = :table AND referenced_table_name IS NOT NULL",
                         table)) {
    foreign.insert(fmt::format("index {} {}", column, column));
  }
  std::map<std::string, std::string> indexes;
  for (const auto& [index, plain, name, order] : rows<std::string, bool, std::string, std::string>(
           database,
           "SELECT index_name, non_unique, column_name, collation FROM information_schema.statistics"
           " WHERE table_schema = DATABASE() AND table_name = :table ORDER BY index_name, seq_in_index",
           table)) {
    std::string& line = indexes[index];
    if (line.empty()) line = index == "PRIMARY" ? "primary key" : (plain ? "index " + index : "unique");
    line += " " + name + (order == "D" ? " desc" : "");
  }
  for (const auto& [index, line] : indexes) {
    if (!foreign.contains(line)) lines.insert(line);
  }
  return lines;
}

Schema mysql_schema(Database& database) {
  Schema schema;
  for (const auto& [table] : rows<std::string>(
           database, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")) {
    if (!is_own(table)) schema[table] = mysql_table(database, table);
  }
  return schema;
}

// The rest of a file that is a database of its own, beside the one the test has.
class SqliteFile {
 public:
  Database& database() { return database_; }

 private:
  const TemporaryFolder folder_;
  async::BlockingPool pool_{"db", 1, 10};
  Database database_{{.file = folder_ / "schema.db"}, 1, pool_, pool_};
};

TEST(SchemasOfMysqlTest, AreThoseOfSqlite) {
  ASSERT_TRUE(testing::on_mysql()) << testing::kHowOnMysql;
  testing::TemporaryDatabase temporary;
  SqliteFile file;
  for (Database* database : {&temporary.database(), &file.database()}) {
    const auto migrated = migrate(*database, SystemClock());
    ASSERT_TRUE(migrated) << migrated.error().detail;
  }
  const Schema mysql = mysql_schema(temporary.database());
  const Schema sqlite = sqlite_schema(file.database());
  EXPECT_GT(sqlite.size(), 15U);
  Lines names;
  for (const auto& [table, lines] : mysql) names.insert(table);
  for (const auto& [table, lines] : sqlite) {
    ASSERT_TRUE(names.erase(table) == 1) << table << " is in SQLite only";
    EXPECT_EQ(mysql.at(table), lines) << table;
  }
  EXPECT_EQ(names, Lines()) << "in MySQL only";
}

TEST(SchemasOfMysqlTest, ComparedByBytesInInnoDb) {
  ASSERT_TRUE(testing::on_mysql()) << testing::kHowOnMysql;
  testing::TemporaryDatabase temporary;
  ASSERT_TRUE(migrate(temporary.database(), SystemClock()));
  for (const auto& [table, engine, collation] :
       rows<std::string, std::string, std::string>(temporary.database(),
                                                   "SELECT table_name, engine, table_collation FROM "
                                                   "information_schema.tables WHERE table_schema = DATABASE()")) {
    if (table == "schema_migrations") continue;
    EXPECT_EQ(engine, "InnoDB") << table;
    EXPECT_EQ(collation, "utf8mb4_bin") << table;
  }
}

}  // namespace
}  // namespace hongyan::sql
