#include "infra/sql/connection.h"

#include <fcntl.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include <deque>
#include <stdexcept>

namespace hongyan::sql {
namespace {

using sqlite_api::sqlite3_exec;
using sqlite_api::sqlite3_extended_result_codes;

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

// The cells of one row in the types SOCI binds. Addresses stay valid while SOCI holds them.
struct Cells {
  struct Cell {
    long long integer = 0;
    double real = 0;
    std::string text;
    soci::indicator indicator = soci::i_ok;
  };
  std::deque<Cell> cells;

  void use(soci::statement& statement, const Value& value) {
    Cell& cell = cells.emplace_back();
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      cell.integer = *integer;
      statement.exchange(soci::use(cell.integer, cell.indicator));
    } else if (const auto* real = std::get_if<double>(&value)) {
      cell.real = *real;
      statement.exchange(soci::use(cell.real, cell.indicator));
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      statement.exchange(soci::use(*text, cell.indicator));
    } else {
      cell.indicator = soci::i_null;
      statement.exchange(soci::use(cell.integer, cell.indicator));
    }
  }

  void into(soci::statement& statement, CellKind kind) {
    Cell& cell = cells.emplace_back();
    switch (kind) {
      case CellKind::integer: statement.exchange(soci::into(cell.integer, cell.indicator)); break;
      case CellKind::real: statement.exchange(soci::into(cell.real, cell.indicator)); break;
      case CellKind::text: statement.exchange(soci::into(cell.text, cell.indicator)); break;
    }
  }

  std::vector<Value> row(std::span<const ColumnType> types) {
    std::vector<Value> values;
    values.reserve(types.size());
    for (std::size_t i = 0; i < types.size(); ++i) {
      Cell& cell = cells[i];
      if (cell.indicator == soci::i_null) {
        if (!types[i].nullable) throw std::runtime_error("NULL in column " + std::to_string(i));
        values.emplace_back(nullptr);
      } else if (types[i].kind == CellKind::integer) {
        values.emplace_back(static_cast<std::int64_t>(cell.integer));
      } else if (types[i].kind == CellKind::real) {
        values.emplace_back(cell.real);
      } else {
        values.emplace_back(std::move(cell.text));
      }
    }
    return values;
  }
};

}  // namespace

struct Connection::Impl {
  explicit Impl(const std::filesystem::path& file) : session(soci::sqlite3, connection_string(file)) {}

  sqlite_api::sqlite3* handle() { return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_; }

  void pragma(const std::string& text) { session << text; }

  soci::session session;
};

Connection::Connection(const ConnectionOptions& options, Access access) {
  create_private(options.file);
  try {
    impl_ = std::make_unique<Impl>(options.file);
    // Without extended codes a unique violation looks like any other broken constraint.
    sqlite3_extended_result_codes(impl_->handle(), 1);
    impl_->pragma("PRAGMA busy_timeout = " + std::to_string(options.busy_timeout.count()));
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
    throw std::runtime_error("cannot open " + options.file.string() + ": " + error_of(std::current_exception()).detail);
  }
}

Connection::~Connection() = default;

Result<std::int64_t> Connection::run(std::string_view statement, std::span<const Value> parameters,
                                     std::span<const ColumnType> types, const RowSink& sink) {
  try {
    Cells uses;
    Cells intos;
    soci::statement prepared(impl_->session);
    for (const Value& value : parameters) uses.use(prepared, value);
    for (const ColumnType& type : types) intos.into(prepared, type.kind);
    prepared.alloc();
    prepared.prepare(std::string(statement));
    prepared.define_and_bind();
    for (bool row = prepared.execute(true); row && !types.empty(); row = prepared.fetch()) {
      std::vector<Value> values = intos.row(types);
      sink(values);
    }
    return types.empty() ? prepared.get_affected_rows() : 0;
  } catch (const std::exception&) {
    return fail(error_of(std::current_exception()));
  }
}

Result<void> Connection::run(std::string_view statement) {
  HY_TRY(run(statement, {}, {}, {}));
  return {};
}

Result<void> Connection::empty_log() {
  // The first column says whether somebody was in the way.
  constexpr ColumnType kFlag{CellKind::integer, false};
  bool busy = false;
  HY_TRY(run("PRAGMA wal_checkpoint(TRUNCATE)", {}, std::span(&kFlag, 1),
             [&busy](std::vector<Value>& cells) { busy = std::get<std::int64_t>(cells.front()) != 0; }));
  if (busy) return fail(ErrorCode::unavailable, "the log is being read");
  return {};
}

Result<void> Connection::run_script(std::string_view script) {
  try {
    const std::string text(script);
    const int code = sqlite3_exec(impl_->handle(), text.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw soci::sqlite3_soci_error(sqlite_api::sqlite3_errmsg(impl_->handle()), code);
    return {};
  } catch (const std::exception&) {
    return fail(error_of(std::current_exception()));
  }
}

Error error_of(const std::exception_ptr& thrown) {
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

}  // namespace hongyan::sql
