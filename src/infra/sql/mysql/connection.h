// A connection to a MySQL or MariaDB server.
#pragma once

#include "infra/sql/connection.h"

namespace hongyan::sql::mysql {

// Reads are one snapshot (REPEATABLE READ). Writers take a lock that the server keeps by the database's name, for the length of
// each transaction, so that a transaction is alone as it is in SQLite; beneath it they read what was committed last (READ
// COMMITTED). DDL commits by itself: a migration notes each statement that is done and goes on there.
class Connection final : public sql::Connection {
 public:
  // Throws std::runtime_error when the server refuses, or another process has the database for itself.
  Connection(const Server& server, std::chrono::milliseconds busy_timeout, Access access);
  ~Connection() override;

  using sql::Connection::run;
  Result<std::int64_t> run(std::string_view statement, std::span<const Value> parameters,
                           std::span<const ColumnType> types, const RowSink& sink) override;
  Result<void> begin_write() override;
  Result<void> begin_read() override;
  Result<void> commit() override;
  Result<void> rollback() override;
  Result<void> run_migration(const Migration& migration) override;
  Result<std::int64_t> insert_numbered(std::string_view table, std::string_view number,
                                       std::span<const std::string_view> columns,
                                       std::span<const Value> values) override;
  Result<std::int64_t> last_number(std::string_view table) override;
  // Its logs are files of the server, and its operator's affair.
  Result<void> empty_log() override { return {}; }
  bool lost() const override { return lost_; }

 private:
  struct Impl;

  Result<std::int64_t> run_unchecked(std::string_view statement, std::span<const Value> parameters,
                                     std::span<const ColumnType> types, const RowSink& sink);
  Error error_of(unsigned number, const std::string& message, std::string_view statement);
  Error duplicate(const std::string& message, std::string_view statement);
  // The first cell of the first row, nothing when there is none.
  Result<std::optional<std::int64_t>> number_of(std::string_view statement, std::span<const Value> parameters);
  Result<bool> lock(std::string_view purpose, double wait_s);
  Result<void> release(std::string_view purpose);
  // What ended a transaction is released with it.
  Result<void> end(std::string_view statement);
  Result<void> run_step(const Migration& migration, const std::string& statement, std::size_t step, bool in_doubt);

  const std::chrono::milliseconds busy_timeout_;
  std::unique_ptr<Impl> impl_;
  bool lost_ = false;
  bool writing_ = false;
  unsigned last_error_ = 0;
  // Why the server rolled back the transaction that its user believes to be in.
  std::optional<Error> doomed_;
};

}  // namespace hongyan::sql::mysql
