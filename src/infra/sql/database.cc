#include "infra/sql/database.h"

#include <stdexcept>

namespace hongyan::sql {
namespace {

// Runs `body` so that an exception is an error like any other.
template <class S>
Result<void> guarded(const std::function<Result<void>(S&)>& body, S& session) {
  try {
    return body(session);
  } catch (const std::exception&) {
    return fail(error_of(std::current_exception()));
  }
}

void note(metrics::Counter* counter, const Session& session) {
  if (counter != nullptr) counter->Increment(static_cast<double>(session.statements()));
}

}  // namespace

// A reading connection while somebody has it.
class Database::Lease {
 public:
  explicit Lease(Database& database) : database_(database) {
    std::unique_lock lock(database_.readers_mutex_);
    database_.reader_free_.wait(lock, [this] { return !database_.free_readers_.empty(); });
    connection_ = std::move(database_.free_readers_.back());
    database_.free_readers_.pop_back();
  }
  ~Lease() {
    {
      const std::lock_guard lock(database_.readers_mutex_);
      database_.free_readers_.push_back(std::move(connection_));
    }
    database_.reader_free_.notify_one();
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  std::unique_ptr<Connection>& connection() { return connection_; }

 private:
  Database& database_;
  std::unique_ptr<Connection> connection_;
};

Database::Database(ConnectionOptions options, std::size_t readers, async::BlockingPool& read_pool,
                   async::BlockingPool& write_pool, StatementCounts counts)
    : options_(std::move(options)), read_pool_(read_pool), write_pool_(write_pool), counts_(counts) {
  // The writer first: it creates an SQLite file and turns WAL on.
  writer_ = connect(options_, Access::write);
  for (std::size_t i = 0; i < readers; ++i) free_readers_.push_back(connect(options_, Access::read));
}

Database::~Database() = default;

Result<void> Database::with_reader(const std::function<Result<void>(Session&)>& body) {
  Lease reader(*this);
  HY_TRY(begin(reader.connection(), Access::read));
  Session session(*reader.connection());
  const Result<void> outcome = guarded(body, session);
  note(counts_.read, session);
  // Ends the snapshot; there is nothing to commit.
  HY_TRY(reader.connection()->rollback());
  return outcome;
}

Result<void> Database::with_writer(const std::function<Result<void>(Transaction&)>& body) {
  Hooks hooks;
  const Result<void> outcome = transact(body, hooks);
  // Outside the lock: a hook may take locks of its own. The next transaction of this thread waits for it all the same.
  for (auto& hook : hooks) hook();
  return outcome;
}

Result<void> Database::transact(const std::function<Result<void>(Transaction&)>& body, Hooks& hooks) {
  const std::lock_guard lock(writer_mutex_);
  HY_TRY(begin(writer_, Access::write));
  Transaction transaction(*writer_);
  Result<void> outcome = guarded(body, transaction);
  note(counts_.write, transaction);
  if (outcome) {
    outcome = writer_->commit();
    const bool unknown = !outcome && outcome.error().code == ErrorCode::unavailable;
    if (outcome || unknown) hooks = transaction.take_hooks(!unknown);
    // After an I/O error the commit may or may not be on disk: what the connection believes is void, and the hooks that only
    // drop and announce run as if it had happened.
    if (unknown) writer_.reset();
    if (outcome || unknown) return outcome;
  }
  // Refused by the function or by a deferred constraint. A rollback that fails leaves a connection nobody should go on
  // with.
  if (!writer_->rollback()) writer_.reset();
  return outcome;
}

Result<void> Database::purge_now() {
  const std::lock_guard lock(writer_mutex_);
  if (!writer_ || writer_->lost()) HY_TRY(open(writer_, Access::write));
  return writer_->empty_log();
}

Result<void> Database::begin(std::unique_ptr<Connection>& connection, Access access) {
  while (true) {
    const bool fresh = !connection || connection->lost();
    if (fresh) HY_TRY(open(connection, access));
    Result<void> begun = access == Access::write ? connection->begin_write() : connection->begin_read();
    if (begun || fresh || !connection->lost()) return begun;
  }
}

Result<void> Database::open(std::unique_ptr<Connection>& connection, Access access) const {
  // The old one first: it may hold what the new one needs.
  connection.reset();
  try {
    connection = connect(options_, access);
    return {};
  } catch (const std::runtime_error& error) {
    return fail(Error::later(ErrorCode::unavailable, 1000, error.what()));
  }
}

}  // namespace hongyan::sql
