// One SOCI session and the SQLite dialect: everything that another database would do differently is behind this header.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "infra/sql/value.h"

namespace hongyan::sql {

struct ConnectionOptions {
  // The database file; created with mode 0600 when missing.
  std::filesystem::path file;
  // How long a statement waits for a lock held by another process or connection.
  std::chrono::milliseconds busy_timeout{5000};
};

enum class Access : std::uint8_t { read, write };

// One connection. Owned by Database; used by one thread at a time. Errors are those of Session.
class Connection {
 public:
  using RowSink = std::function<void(std::vector<Value>&)>;

  // Throws std::runtime_error when the database cannot be opened.
  Connection(const ConnectionOptions& options, Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs one statement; `sink` gets each row as cells of `types`. Answers the rows changed by it.
  Result<std::int64_t> run(std::string_view statement, std::span<const Value> parameters,
                           std::span<const ColumnType> types, const RowSink& sink);
  Result<void> run(std::string_view statement);
  // Runs a whole migration file, statement by statement.
  Result<void> run_script(std::string_view script);

  // Begins a transaction that holds the write lock from its first moment, so that it never fails half way for a lock.
  Result<void> begin_write() { return run("BEGIN IMMEDIATE"); }
  // Begins a read of one snapshot.
  Result<void> begin_read() { return run("BEGIN DEFERRED"); }
  Result<void> commit() { return run("COMMIT"); }
  Result<void> rollback() { return run("ROLLBACK"); }

  // Moves all of the log into the database and empties it; what is deleted is overwritten in the database at once. `unavailable`
  // while another connection reads what was true before.
  Result<void> empty_log();

  // Most placeholders one statement may have.
  static constexpr std::size_t kMaxParameters = 32'000;
  // A placeholder of a generated list. Nameless: SQLite compares each name with all before it, which made a list of
  // 32,000 take seconds.
  static constexpr std::string_view kPlaceholder = "?";

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The one place where exceptions of SOCI, and of the functions it runs, become errors. `thrown` is not null.
Error error_of(const std::exception_ptr& thrown);

}  // namespace hongyan::sql
