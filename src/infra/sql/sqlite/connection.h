// A connection to an SQLite file.
#pragma once

#include "infra/sql/connection.h"

namespace hongyan::sql::sqlite {

// SQLite has one writer at a time by itself, and its DDL is part of transactions.
class Connection final : public sql::Connection {
 public:
  // Throws std::runtime_error when the file cannot be opened.
  Connection(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout, Access access);
  ~Connection() override;

  using sql::Connection::run;
  Result<std::int64_t> run(std::string_view statement, std::span<const Value> parameters,
                           std::span<const ColumnType> types, const RowSink& sink) override;
  // Holds the write lock from its first moment.
  Result<void> begin_write() override { return run("BEGIN IMMEDIATE"); }
  Result<void> begin_read() override { return run("BEGIN DEFERRED"); }
  Result<void> commit() override { return run("COMMIT"); }
  Result<void> rollback() override { return run("ROLLBACK"); }
  Result<void> run_migration(const Migration& migration) override;
  Result<std::int64_t> insert_numbered(std::string_view table, std::string_view number,
                                       std::span<const std::string_view> columns,
                                       std::span<const Value> values) override;
  Result<std::int64_t> last_number(std::string_view table) override;
  Result<void> empty_log() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hongyan::sql::sqlite
