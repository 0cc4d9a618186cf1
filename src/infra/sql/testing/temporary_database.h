// A real SQLite database in a folder of its own, for tests of stores.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/assert.h"
#include "infra/async/blocking_pool.h"
#include "infra/sql/database.h"

namespace hongyan::sql::testing {

// Owns the folder, the pools and the database; all are gone after it. Lives in a test.
class TemporaryDatabase {
 public:
  TemporaryDatabase() : folder_(make_folder()), database_({file()}, 2, read_pool_, write_pool_) {}
  ~TemporaryDatabase() {
    // Queued calls use the connections, and nothing may be written once the folder goes.
    read_pool_.stop();
    write_pool_.stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TemporaryDatabase(const TemporaryDatabase&) = delete;
  TemporaryDatabase& operator=(const TemporaryDatabase&) = delete;

  Database& database() { return database_; }
  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path file() const { return folder_ / "test.db"; }
  async::BlockingPool& read_pool() { return read_pool_; }
  async::BlockingPool& write_pool() { return write_pool_; }

 private:
  static std::filesystem::path make_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "hongyan-sql-XXXXXX").string();
    HY_CHECK(::mkdtemp(name.data()) != nullptr);
    return name;
  }

  const std::filesystem::path folder_;
  async::BlockingPool read_pool_{"db", 2, 1000};
  async::BlockingPool write_pool_{"db-writer", 1, 1000};
  Database database_;
};

}  // namespace hongyan::sql::testing
