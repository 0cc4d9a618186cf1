#include "infra/sql/sqlite/connection.h"

#include <fcntl.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "base/lru.h"
#include "infra/sql/migrations.h"
#include "infra/sql/statement.h"

namespace hongyan::sql::sqlite {
namespace {

using sqlite_api::sqlite3_exec;
using sqlite_api::sqlite3_extended_result_codes;

// Statements that a connection keeps prepared: parsing takes longer than most of them run.
constexpr std::size_t kPrepared = 128;
// Longer texts are lists of chance lengths, which do not come again.
constexpr std::size_t kLongestPrepared = 2000;

// The path in SOCI's connection string, which knows no escape inside quotes.
std::string connection_string(const std::filesystem::path& file) {
  const std::string path = file.string();
  if (path.find('"') != std::string::npos) throw std::runtime_error("the database path must not contain a quote");
  return "db=\"" + path + "\"";
}

// SQLite creates files by the umask; this one holds password hashes. Its -wal and -shm files take over its mode.
void create_private(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) throw std::runtime_error("cannot open or create " + file.string());
  ::close(fd);
}

// Else it would hold its snapshot, and what was bound to it.
void release(soci::statement& prepared) {
  auto* const compiled = static_cast<soci::sqlite3_statement_backend*>(prepared.get_backend())->stmt_;
  sqlite_api::sqlite3_reset(compiled);
  sqlite_api::sqlite3_clear_bindings(compiled);
}

Error error_of_sqlite(const soci::sqlite3_soci_error& thrown) {
  // get_error_message() and not what(): that quotes the parameters.
  const std::string message = thrown.get_error_message();
  switch (thrown.result()) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY: {
      constexpr std::string_view kPrefix = "constraint failed: ";
      const std::size_t at = message.find(kPrefix);
      return Error(ErrorCode::already_exists, at == std::string::npos ? message : message.substr(at + kPrefix.size()));
    }
    default: break;
  }
  switch (thrown.result() & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Error::later(ErrorCode::unavailable, 100, message);
    case SQLITE_FULL:
    case SQLITE_IOERR: return Error::later(ErrorCode::unavailable, 1000, message);
    default: return Error(ErrorCode::internal, message);
  }
}

Error thrown_error(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const soci::sqlite3_soci_error& sqlite) {
    return error_of_sqlite(sqlite);
  } catch (const soci::soci_error& soci) {
    return Error(ErrorCode::internal, soci.get_error_message());
  } catch (const std::exception& other) {
    return Error(ErrorCode::internal, other.what());
  }
}

}  // namespace

struct Connection::Impl {
  explicit Impl(const std::filesystem::path& file) : session(soci::sqlite3, connection_string(file)) {}

  sqlite_api::sqlite3* handle() { return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_; }

  void pragma(const std::string& text) { session << text; }

  // Valid until the next one.
  soci::statement& statement_of(const std::string& text) {
    if (soci::statement* held = prepared.find(text)) return *held;
    soci::statement fresh(session);
    fresh.alloc();
    fresh.prepare(text);
    return prepared.put(text, std::move(fresh));
  }

  soci::session session;
  // Ends before the session.
  BoundedLru<std::string, soci::statement> prepared{kPrepared};
};

Connection::Connection(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout, Access access) {
  create_private(file);
  try {
    impl_ = std::make_unique<Impl>(file);
    // Without extended codes a unique violation looks like any other broken constraint.
    sqlite3_extended_result_codes(impl_->handle(), 1);
    impl_->pragma("PRAGMA busy_timeout = " + std::to_string(busy_timeout.count()));
    impl_->pragma("PRAGMA foreign_keys = ON");
    if (access == Access::read) {
      impl_->pragma("PRAGMA query_only = ON");
      return;
    }
    std::string mode;
    impl_->session << "PRAGMA journal_mode = WAL", soci::into(mode);
    if (mode != "wal") throw std::runtime_error("the file system of the database does not support WAL");
    // In WAL mode only FULL syncs the log at each commit, which is what "committed" means here.
    impl_->pragma("PRAGMA synchronous = FULL");
    // What is deleted is gone: nobody finds it in the file afterwards.
    impl_->pragma("PRAGMA secure_delete = ON");
  } catch (const soci::soci_error&) {
    throw std::runtime_error("cannot open " + file.string() + ": " + thrown_error(std::current_exception()).detail);
  }
}

Connection::~Connection() = default;

Result<std::int64_t> Connection::run(std::string_view statement, std::span<const Value> parameters,
                                     std::span<const ColumnType> types, const RowSink& sink) {
  const std::string text(statement);
  try {
    if (text.size() > kLongestPrepared) return run_statement(impl_->session, text, parameters, types, sink);
    soci::statement& prepared = impl_->statement_of(text);
    const std::int64_t affected = run_prepared(prepared, parameters, types, sink);
    release(prepared);
    return affected;
  } catch (const std::exception&) {
    // It stopped half way.
    impl_->prepared.erase(text);
    return fail(thrown_error(std::current_exception()));
  }
}

Result<void> Connection::run_migration(const Migration& migration) {
  const std::string text(migration.script);
  const int code = sqlite3_exec(impl_->handle(), text.c_str(), nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return fail(error_of_sqlite(soci::sqlite3_soci_error(sqlite_api::sqlite3_errmsg(impl_->handle()), code)));
}

// SQLite numbers an AUTOINCREMENT key itself, and takes the number back when the transaction rolls back.
Result<std::int64_t> Connection::insert_numbered(std::string_view table, std::string_view,
                                                 std::span<const std::string_view> columns,
                                                 std::span<const Value> values) {
  std::string statement = insert_prefix(table, columns);
  append_placeholders(statement, columns.size());
  HY_TRY(run(statement, values, {}, {}));
  return sqlite_api::sqlite3_last_insert_rowid(impl_->handle());
}

Result<std::int64_t> Connection::last_number(std::string_view table) {
  constexpr ColumnType kNumber{CellKind::integer, false};
  std::int64_t last = 0;
  HY_TRY(run("SELECT seq FROM sqlite_sequence WHERE name = :table", std::array{Value(std::string(table))},
             std::span(&kNumber, 1), [&](std::vector<Value>& row) { last = std::get<std::int64_t>(row.front()); }));
  return last;
}

// Moves all of it into the database, which overwrites what was deleted at once.
Result<void> Connection::empty_log() {
  // The first column says whether somebody was in the way.
  constexpr ColumnType kFlag{CellKind::integer, false};
  bool busy = false;
  HY_TRY(run("PRAGMA wal_checkpoint(TRUNCATE)", {}, std::span(&kFlag, 1),
             [&busy](std::vector<Value>& cells) { busy = std::get<std::int64_t>(cells.front()) != 0; }));
  if (busy) return fail(ErrorCode::unavailable, "the log is being read");
  return {};
}

}  // namespace hongyan::sql::sqlite
