#include "infra/sql/mysql/connection.h"

#include <fmt/format.h>
#include <soci/mysql/soci-mysql.h>
#include <soci/soci.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "infra/sql/migrations.h"
#include "infra/sql/mysql/errors.h"
#include "infra/sql/mysql/statements.h"
#include "infra/sql/statement.h"

namespace hongyan::sql::mysql {
namespace {

constexpr int kConnectTimeoutS = 10;
// Of the locks that the server keeps by name.
constexpr std::string_view kWrite = "write";
constexpr std::string_view kAlone = "alone";

// As SQLite: what does not fit is refused, "x" is a name, || joins texts.
constexpr std::string_view kMode =
    "STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,ANSI_QUOTES,PIPES_AS_"
    "CONCAT";

// How far the one migration is that has begun and not ended.
constexpr std::string_view kCreateProgress =
    "CREATE TABLE IF NOT EXISTS schema_progress (number BIGINT NOT NULL PRIMARY KEY, steps BIGINT NOT NULL,"
    " running SMALLINT NOT NULL) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

// A value of SOCI's connection string.
std::string quoted_value(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

std::string connection_string(const Server& server, std::chrono::milliseconds busy_timeout) {
  // A statement may wait for a lock before it begins to run.
  const std::int64_t answer_s = (server.answer_timeout + std::chrono::ceil<std::chrono::seconds>(busy_timeout)).count();
  std::string text =
      fmt::format("user={} dbname={} charset='utf8mb4' connect_timeout={} read_timeout={} write_timeout={}",
                  quoted_value(server.user), quoted_value(server.database), kConnectTimeoutS, answer_s, answer_s);
  if (!server.password.empty()) text += " password=" + quoted_value(server.password);
  if (server.socket.empty()) {
    text += fmt::format(" host={} port={}", quoted_value(server.host), server.port);
  } else {
    text += " unix_socket=" + quoted_value(server.socket);
  }
  return text;
}

// The server's name for a lock of this database: at most 64 characters, and one for all databases of the server.
std::string lock_name(std::string_view purpose) {
  return fmt::format("MD5(CONCAT('hongyan {} ', DATABASE()))", purpose);
}

double seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

}  // namespace

struct Connection::Impl {
  Impl(const Server& server, std::chrono::milliseconds busy_timeout)
      : session(soci::mysql, connection_string(server, busy_timeout)) {}

  soci::session session;
};

Connection::Connection(const Server& server, std::chrono::milliseconds busy_timeout, Access access)
    : busy_timeout_(busy_timeout) {
  const auto refuse = [&](const std::string& reason) {
    throw std::runtime_error(fmt::format("cannot open {}: {}", name_of({.server = server}), reason));
  };
  try {
    impl_ = std::make_unique<Impl>(server, busy_timeout);
  } catch (const soci::mysql_soci_error& error) {
    refuse(error_of_server(error.err_num_, error.get_error_message()).detail);
  } catch (const soci::soci_error& error) {
    refuse(error.get_error_message());
  }
  const std::array<std::string, 3> settings{
      "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
      fmt::format("SET SESSION sql_mode = '{}', SESSION innodb_lock_wait_timeout = {}", kMode,
                  std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(busy_timeout).count())),
      fmt::format("SET SESSION TRANSACTION ISOLATION LEVEL {}",
                  access == Access::write ? "READ COMMITTED" : "REPEATABLE READ")};
  for (const std::string& setting : settings) {
    if (const auto set = run(setting); !set) refuse(set.error().detail);
  }
  if (access == Access::write && server.alone) {
    const auto mine = lock(kAlone, seconds(busy_timeout));
    if (!mine) refuse(mine.error().detail);
    if (!*mine) refuse("another process uses this database");
  }
}

Connection::~Connection() = default;

Result<std::int64_t> Connection::run(std::string_view statement, std::span<const Value> parameters,
                                     std::span<const ColumnType> types, const RowSink& sink) {
  // Else it would run on its own, as if the transaction it belongs to were still there.
  if (doomed_) return fail(*doomed_);
  return run_unchecked(statement, parameters, types, sink);
}

Result<std::int64_t> Connection::run_unchecked(std::string_view statement, std::span<const Value> parameters,
                                               std::span<const ColumnType> types, const RowSink& sink) {
  last_error_ = 0;
  try {
    return run_statement(impl_->session, with_names(statement), parameters, types, sink);
  } catch (const soci::mysql_soci_error& error) {
    return fail(error_of(error.err_num_, error.get_error_message(), statement));
  } catch (const soci::soci_error& error) {
    return fail(Error(ErrorCode::internal, error.get_error_message()));
  } catch (const std::exception&) {
    return fail(sql::error_of(std::current_exception()));
  }
}

Error Connection::error_of(unsigned number, const std::string& message, std::string_view statement) {
  if (number == kDuplicateKey) return duplicate(message, statement);
  last_error_ = number;
  Error error = error_of_server(number, message);
  lost_ = lost_ || is_lost(number);
  if (lost_ || ended_transaction(number)) doomed_ = error;
  return error;
}

// The server names the key and quotes the entry; what is told are the columns.
Error Connection::duplicate(const std::string& message, std::string_view statement) {
  auto found = duplicate_key(message);
  if (!found) return Error(ErrorCode::already_exists, "a unique key");
  if (found->table.empty()) found->table = written_table(statement);
  constexpr ColumnType kName{CellKind::text, false};
  std::string columns;
  const auto read = run_unchecked(
      "SELECT column_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = :table"
      " AND index_name = :key ORDER BY seq_in_index",
      std::array{Value(found->table), Value(found->key)}, std::span(&kName, 1), [&](std::vector<Value>& row) {
        if (!columns.empty()) columns += ", ";
        columns += found->table + "." + std::get<std::string>(row.front());
      });
  last_error_ = kDuplicateKey;
  return Error(ErrorCode::already_exists, read && !columns.empty() ? columns : found->key);
}

Result<std::optional<std::int64_t>> Connection::number_of(std::string_view statement,
                                                          std::span<const Value> parameters) {
  constexpr ColumnType kNumber{CellKind::integer, true};
  std::optional<std::int64_t> number;
  HY_TRY(run(statement, parameters, std::span(&kNumber, 1), [&](std::vector<Value>& row) {
    if (const auto* cell = std::get_if<std::int64_t>(&row.front())) number = *cell;
  }));
  return number;
}

Result<bool> Connection::lock(std::string_view purpose, double wait_s) {
  HY_TRY(const auto got, number_of(fmt::format("SELECT GET_LOCK({}, {:.3f})", lock_name(purpose), wait_s), {}));
  return got == 1;
}

Result<void> Connection::release(std::string_view purpose) {
  return run(fmt::format("DO RELEASE_LOCK({})", lock_name(purpose)));
}

Result<void> Connection::begin_write() {
  doomed_.reset();
  HY_TRY(const bool mine, lock(kWrite, seconds(busy_timeout_)));
  if (!mine) return fail(Error::later(ErrorCode::unavailable, 100, "another transaction writes"));
  writing_ = true;
  const Result<void> begun = run("START TRANSACTION");
  // Nobody ends what has not begun.
  if (!begun) (void)end("ROLLBACK");
  return begun;
}

Result<void> Connection::begin_read() {
  doomed_.reset();
  return run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
}

Result<void> Connection::commit() {
  // The server has rolled back; so does who asks.
  if (doomed_ && !lost_) return fail(Error(ErrorCode::internal, doomed_->detail));
  return end("COMMIT");
}

Result<void> Connection::rollback() { return end("ROLLBACK"); }

Result<void> Connection::end(std::string_view statement) {
  if (!lost_) doomed_.reset();
  HY_TRY(run(statement));
  // Who cannot release the lock gives up the connection, and with it the lock.
  if (std::exchange(writing_, false) && !release(kWrite)) lost_ = true;
  return {};
}

Result<std::int64_t> Connection::insert_numbered(std::string_view table, std::string_view number,
                                                 std::span<const std::string_view> columns,
                                                 std::span<const Value> values) {
  // Not AUTO_INCREMENT, which never takes a number back.
  const std::array named{Value(std::string(table))};
  HY_TRY(const std::int64_t counted,
         run("UPDATE numbered_tables SET last = last + 1 WHERE table_name = :table", named, {}, {}));
  if (counted != 1) return fail(ErrorCode::internal, fmt::format("{} is not in numbered_tables", table));
  HY_TRY(const std::int64_t next, last_number(table));
  std::vector<std::string_view> all{number};
  all.insert(all.end(), columns.begin(), columns.end());
  std::vector<Value> row{Value(next)};
  row.insert(row.end(), values.begin(), values.end());
  std::string statement = insert_prefix(table, all);
  append_placeholders(statement, all.size());
  HY_TRY(run(statement, row, {}, {}));
  return next;
}

Result<std::int64_t> Connection::last_number(std::string_view table) {
  HY_TRY(const auto last, number_of("SELECT last FROM numbered_tables WHERE table_name = :table",
                                    std::array{Value(std::string(table))}));
  return last.value_or(0);
}

Result<void> Connection::run_migration(const Migration& migration) {
  HY_TRY(run(kCreateProgress));
  const std::array number{Value(std::int64_t{migration.number})};
  HY_TRY(const auto steps, number_of("SELECT steps FROM schema_progress WHERE number = :number", number));
  HY_TRY(const auto running, number_of("SELECT running FROM schema_progress WHERE number = :number", number));
  if (!steps)
    HY_TRY(run("INSERT INTO schema_progress (number, steps, running) VALUES (:number, 0, 0)", number, {}, {}));
  const auto done = static_cast<std::size_t>(steps.value_or(0));
  const std::vector<std::string> statements = split_script(migration.script);
  for (std::size_t step = done; step < statements.size(); ++step) {
    if (const auto ran = run_step(migration, statements[step], step, step == done && running == 1); !ran) {
      return fail(
          Error(ran.error().code,
                fmt::format("statement {} of {} of migration {:04}_{}: {}; what stands before it is done, and the "
                            "next start goes on with it",
                            step + 1, statements.size(), migration.number, migration.name, ran.error().detail)));
    }
  }
  HY_TRY(run("START TRANSACTION"));
  HY_TRY(run("DELETE FROM schema_progress WHERE number = :number", number, {}, {}));
  return {};
}

// What changes rows is committed together with the note that it is done. What changes the schema is not: where the note of its
// end is missing, it may or may not have been done.
Result<void> Connection::run_step(const Migration& migration, const std::string& statement, std::size_t step,
                                  bool in_doubt) {
  const auto note = [&](std::size_t steps, bool running) {
    return run("UPDATE schema_progress SET steps = :steps, running = :running WHERE number = :number",
               std::array{Value(static_cast<std::int64_t>(steps)), Value(std::int64_t{running}),
                          Value(std::int64_t{migration.number})},
               {}, {});
  };
  if (!commits_by_itself(statement)) {
    HY_TRY(run("START TRANSACTION"));
    Result<void> changed = run(statement);
    if (changed) {
      HY_TRY(note(step + 1, false));
      return run("COMMIT");
    }
    HY_TRY(run("ROLLBACK"));
    return changed;
  }
  HY_TRY(note(step, true));
  const Result<void> changed = run(statement);
  if (!changed && !(in_doubt && was_done_before(last_error_))) {
    // Not when the connection is lost: then nobody knows.
    (void)note(step, false);
    return changed;
  }
  HY_TRY(note(step + 1, false));
  return {};
}

}  // namespace hongyan::sql::mysql
