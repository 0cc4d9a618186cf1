// Wires the database: its pools, its file in the data folder, its migrations.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/registry.h"
#include "infra/async/blocking_pool.h"
#include "infra/config/config.h"
#include "infra/sql/database.h"

namespace hongyan::sql {

// Section [sql].
struct Config {
  static constexpr std::string_view kSection = "sql";

  std::int64_t threads = 4;
  std::int64_t queue = 10'000;
  std::chrono::milliseconds busy_timeout{5000};
  std::string url;
  std::string password_file;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

// Where the database is: the file in the data folder, or a server. Throws std::runtime_error when the password cannot be read.
ConnectionOptions connection_options(const Config& config, const std::filesystem::path& data_folder);

// Owns the pools `db` (readers) and `db-writer` (one thread) and the Database. The schema is current from construction on, so
// that modules built later may read it. Main thread only.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);
  ~Module() override;

  void stop() noexcept override;

  Database& database() { return *database_; }

 private:
  async::BlockingPool read_pool_;
  async::BlockingPool write_pool_;
  SystemClock clock_;
  std::unique_ptr<Database> database_;

  Module(const Config& config, Registry& registry);
};

}  // namespace hongyan::sql
