// A real database for tests of stores: an SQLite file in a folder of its own, or one on MariaDB (HONGYAN_TEST_SQL=mysql).
#pragma once

#include <filesystem>

#include "base/testing/temporary_folder.h"
#include "infra/async/blocking_pool.h"
#include "infra/sql/database.h"
#include "infra/sql/testing/test_server.h"

namespace hongyan::sql::testing {

// What is in it at first. No rows in any case; migrate() has to be called in any case.
enum class Tables : std::uint8_t {
  // Those of the migrations, where they could be made beforehand.
  migrated,
  // None at all.
  none,
};

// Owns the folder, the pools and the database; all are gone after it. Lives in a test.
class TemporaryDatabase {
 public:
  explicit TemporaryDatabase(Tables tables = Tables::migrated)
      : lent_(tables, file()), database_(options(), 2, read_pool_, write_pool_) {}
  ~TemporaryDatabase() {
    // Queued calls use the connections, and nothing may be written once the folder goes.
    read_pool_.stop();
    write_pool_.stop();
  }
  TemporaryDatabase(const TemporaryDatabase&) = delete;
  TemporaryDatabase& operator=(const TemporaryDatabase&) = delete;

  Database& database() { return database_; }
  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path file() const { return folder_ / "test.db"; }
  // For another connection to it.
  const ConnectionOptions& options() const { return lent_.options; }
  async::BlockingPool& read_pool() { return read_pool_; }
  async::BlockingPool& write_pool() { return write_pool_; }

 private:
  // Has the database of the server until the connections to it are gone.
  struct Lent {
    Lent(Tables wanted, std::filesystem::path file) : tables(wanted) {
      options.file = std::move(file);
      if (!on_mysql()) return;
      TestServer& server = TestServer::instance();
      options.server = tables == Tables::none ? server.take_blank() : server.take();
    }
    ~Lent() {
      if (!options.server) return;
      TestServer& server = TestServer::instance();
      if (tables == Tables::none) {
        server.drop(*options.server);
      } else {
        server.give_back(*options.server);
      }
    }
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;

    const Tables tables;
    ConnectionOptions options;
  };

  const TemporaryFolder folder_;
  async::BlockingPool read_pool_{"db", 2, 1000};
  async::BlockingPool write_pool_{"db-writer", 1, 1000};
  Lent lent_;
  Database database_;
};

}  // namespace hongyan::sql::testing
