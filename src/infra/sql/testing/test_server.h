// The MariaDB that tools/dev/unit starts for the tests whose database is no SQLite file.
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "infra/sql/connection.h"
#include "infra/sql/migrations.h"

namespace hongyan::sql::testing {

// Whether this run of the tests is the one on MySQL.
inline bool on_mysql() {
  const char* chosen = std::getenv("HONGYAN_TEST_SQL");
  return chosen != nullptr && std::string_view(chosen) == "mysql";
}

// For suites of that run alone, which are named Mysql.
inline constexpr std::string_view kHowOnMysql = "runs as HONGYAN_TEST_SQL=mysql tools/dev/with-mariadb PROGRAM";

// Databases of the server. A migrated one takes half a second to make, so it is used again as long as it has the tables that
// migrations make: without its rows, but for what numbers tables, which begin at 0 again. Thread-safe, as long as the process
// lives.
class TestServer {
 public:
  // The one of the process. Tests have no place where they could own it together.
  static TestServer& instance() {
    static TestServer server;
    return server;
  }

  // A database nobody else has, with the tables of its last user.
  Server take() {
    const std::lock_guard lock(mutex_);
    while (!free_.empty()) {
      const std::string name = free_.back();
      free_.pop_back();
      if (clear(name)) return server_of(name);
      drop(server_of(name));
    }
    // Its default is none of ours: what tables are to be they have to say.
    return create("latin1");
  }
  void give_back(const Server& server) {
    const std::lock_guard lock(mutex_);
    free_.push_back(server.database);
  }

  // A database without tables, and its end.
  Server take_blank() {
    const std::lock_guard lock(mutex_);
    return create("utf8mb4 COLLATE utf8mb4_bin");
  }
  void drop(const Server& server) { run("DROP DATABASE " + server.database); }

  void run(const std::string& statement) {
    const auto connection = connect({.server = server_of("information_schema")}, Access::read);
    run(*connection, statement);
  }

 private:
  static Server server_of(std::string name) {
    const char* socket = std::getenv("HONGYAN_TEST_MYSQL_SOCKET");
    if (socket == nullptr)
      throw std::runtime_error("HONGYAN_TEST_MYSQL_SOCKET names no server: see tools/dev/with-mariadb");
    return {.host = {}, .socket = socket, .user = "root", .database = std::move(name)};
  }
  static void run(Connection& connection, const std::string& statement) {
    if (const auto ran = connection.run(statement); !ran) throw std::runtime_error(ran.error().detail);
  }

  Server create(std::string_view character_set) {
    const std::string name = fmt::format("test_{}_{}", ::getpid(), ++made_);
    run(fmt::format("CREATE DATABASE {} CHARACTER SET {}", name, character_set));
    return server_of(name);
  }

  // Those that the migrations make; none of them is ever dropped or renamed.
  static std::set<std::string> migrated_tables() {
    constexpr std::string_view kMade = "CREATE TABLE ";
    std::set<std::string> tables;
    for (const Migration& migration : embedded_migrations(Dialect::mysql)) {
      const std::string_view text = migration.script;
      for (std::size_t at = text.find(kMade); at != std::string_view::npos; at = text.find(kMade, at + 1)) {
        const std::size_t begin = at + kMade.size();
        tables.emplace(text.substr(begin, text.find(' ', begin) - begin));
      }
    }
    return tables;
  }

  // Whether it could: a test may have changed the tables themselves.
  static bool clear(const std::string& name) {
    const auto connection = connect({.server = server_of(name)}, Access::read);
    constexpr ColumnType kName{CellKind::text, false};
    std::set<std::string> tables;
    const auto listed = connection->run(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT IN"
        " ('schema_migrations', 'schema_progress')",
        {}, std::span(&kName, 1), [&](std::vector<Value>& row) { tables.insert(std::get<std::string>(row.front())); });
    if (!listed) throw std::runtime_error(listed.error().detail);
    if (tables != migrated_tables()) return false;
    tables.erase("numbered_tables");
    run(*connection, "SET SESSION foreign_key_checks = 0");
    run(*connection, "START TRANSACTION");
    for (const std::string& table : tables) run(*connection, "DELETE FROM " + table);
    run(*connection, "UPDATE numbered_tables SET last = 0");
    run(*connection, "COMMIT");
    return true;
  }

  std::mutex mutex_;
  std::vector<std::string> free_;
  int made_ = 0;
};

}  // namespace hongyan::sql::testing
