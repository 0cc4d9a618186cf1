// A real SQLite database in a folder of its own, for tests of stores.
#pragma once

#include <filesystem>

#include "base/testing/temporary_folder.h"
#include "infra/async/blocking_pool.h"
#include "infra/sql/database.h"

namespace hongyan::sql::testing {

// Owns the folder, the pools and the database; all are gone after it. Lives in a test.
class TemporaryDatabase {
 public:
  TemporaryDatabase() : database_({file()}, 2, read_pool_, write_pool_) {}
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
  async::BlockingPool& read_pool() { return read_pool_; }
  async::BlockingPool& write_pool() { return write_pool_; }

 private:
  const TemporaryFolder folder_;
  async::BlockingPool read_pool_{"db", 2, 1000};
  async::BlockingPool write_pool_{"db-writer", 1, 1000};
  Database database_;
};

}  // namespace hongyan::sql::testing
