// One connection to the database. What one kind of database does differently from the other is behind this header: SQLite in
// sqlite/, MySQL and MariaDB in mysql/.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "infra/sql/value.h"

namespace hongyan::sql {

struct Migration;

enum class Dialect : std::uint8_t { sqlite, mysql };

// A MySQL or MariaDB server and the database on it.
struct Server {
  std::string host;
  std::uint16_t port = 3306;
  // Of a server on this machine; used instead of host and port when it is not empty.
  std::string socket = {};
  std::string user;
  std::string password = {};
  std::string database;
  // Whether this process is the only one that may write; another one is refused at its start.
  bool alone = false;
  // How long the server may take over one statement before it counts as gone.
  std::chrono::seconds answer_timeout{30};
};

struct ConnectionOptions {
  // The database file, created with mode 0600 when missing; unused where there is a server.
  std::filesystem::path file = {};
  // How long a statement waits for a lock held by another process or connection.
  std::chrono::milliseconds busy_timeout{5000};
  std::optional<Server> server = {};
};

// The file or the server, as messages name it.
std::string name_of(const ConnectionOptions& options);

enum class Access : std::uint8_t { read, write };

// One connection. Owned by Database; used by one thread at a time. Errors are those of Session.
class Connection {
 public:
  using RowSink = std::function<void(std::vector<Value>&)>;

  Connection() = default;
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs one statement; `sink` gets each row as cells of `types`. Answers the rows it inserted, found to change, or deleted.
  virtual Result<std::int64_t> run(std::string_view statement, std::span<const Value> parameters,
                                   std::span<const ColumnType> types, const RowSink& sink) = 0;
  Result<void> run(std::string_view statement);

  // Begins a transaction that is alone among all writers of the database from its first moment: what it has read stays true
  // until it ends, and it never fails half way for a lock of another.
  virtual Result<void> begin_write() = 0;
  // Begins a read of one snapshot.
  virtual Result<void> begin_read() = 0;
  virtual Result<void> commit() = 0;
  virtual Result<void> rollback() = 0;

  // Runs the statements of a migration in the write transaction that has begun, which its caller commits together with the
  // record of it.
  virtual Result<void> run_migration(const Migration& migration) = 0;

  // Inserts one row and gives `number` the next number of the table: 1, 2, 3 ... without a hole, never the same twice, as the
  // transactions commit.
  virtual Result<std::int64_t> insert_numbered(std::string_view table, std::string_view number,
                                               std::span<const std::string_view> columns,
                                               std::span<const Value> values) = 0;
  // The highest number that the table ever gave, 0 when none.
  virtual Result<std::int64_t> last_number(std::string_view table) = 0;

  // Takes out of the database's own log, as far as it is a file of ours, what was changed or deleted. `unavailable` while another
  // connection reads what was true before.
  virtual Result<void> empty_log() = 0;

  // Whether it was cut off, so that nothing can be run on it any more.
  virtual bool lost() const { return false; }

  // Most placeholders, and about how many bytes of values, one statement may have.
  static constexpr std::size_t kMaxParameters = 32'000;
  static constexpr std::size_t kMaxBytes = std::size_t{4} << 20;
  // A placeholder of a generated list. Nameless: SQLite compares each name with all before it, which made a list of
  // 32,000 take seconds.
  static constexpr std::string_view kPlaceholder = "?";
};

// Throws std::runtime_error when the database cannot be opened.
std::unique_ptr<Connection> connect(const ConnectionOptions& options, Access access);

// What an exception is as an error, when it came from anything but a database. `thrown` is not null.
Error error_of(const std::exception_ptr& thrown);

// "INSERT INTO table (column, column) VALUES ".
std::string insert_prefix(std::string_view table, std::span<const std::string_view> columns);
// "(?, ?)".
void append_placeholders(std::string& text, std::size_t count);

}  // namespace hongyan::sql
