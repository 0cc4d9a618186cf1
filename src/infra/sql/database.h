// The relational database: one writer, several readers, transactions that commit or leave no trace.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "infra/async/blocking_pool.h"
#include "infra/async/task.h"
#include "infra/metrics/metrics.h"
#include "infra/sql/connection.h"
#include "infra/sql/session.h"

namespace hongyan::sql {

// Where it is counted how many statements were run; null for nowhere.
struct StatementCounts {
  metrics::Counter* read = nullptr;
  metrics::Counter* write = nullptr;
};

// Owns the connections. Thread-safe. Owned by sql::Module, outlives every store. Every statement blocks, so coroutines
// use read() and write(), which run on the pools; read_now() and write_now() are for pool threads and start-up.
//
// The functions passed in take a Session& (read) or a Transaction& (write) and return Result<T>. They may run long
// after the caller gave up: they capture by value. An exception that leaves them becomes `internal`.
class Database {
 public:
  // Opens the writer and `readers` reading connections; what they run is counted in `counts`. Throws std::runtime_error when the database cannot be opened.
  // `write_pool` has one thread: more would only wait for each other.
  Database(ConnectionOptions options, std::size_t readers, async::BlockingPool& read_pool,
           async::BlockingPool& write_pool, StatementCounts counts = {});
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Dialect dialect() const { return options_.server ? Dialect::mysql : Dialect::sqlite; }

  // Runs `function` on a reader, on one snapshot of what was committed before it began. A repeat is safe. Errors: those
  // of `function`; timeout when no thread was free before the deadline; unavailable when the queue is full.
  template <class F, class R = std::invoke_result_t<F&, Session&>>
  async::Task<R> read(async::Deadline deadline, F function) {
    return read_pool_.run(deadline, [this, f = std::move(function)]() mutable { return read_now(f); });
  }

  // Runs `function` in a write transaction: success is committed and on disk, an error Result or an exception is rolled
  // back. Errors: as read(); `unavailable` also when COMMIT failed, and then the outcome is unknown.
  template <class F, class R = std::invoke_result_t<F&, Transaction&>>
  async::Task<R> write(async::Deadline deadline, F function) {
    return write_pool_.run(deadline, [this, f = std::move(function)]() mutable { return write_now(f); });
  }

  // Takes what was deleted or changed before out of the log, too: the database itself overwrites it at once. A repeat is safe.
  // Errors: unavailable while somebody still reads what was true before.
  async::Task<Result<void>> purge(async::Deadline deadline) {
    return write_pool_.run(deadline, [this] { return purge_now(); });
  }
  Result<void> purge_now();

  // read() on the calling thread.
  template <class F, class R = std::invoke_result_t<F&, Session&>>
  R read_now(F&& function) {
    std::optional<R> result;
    HY_TRY(with_reader([&](Session& session) { return keep(result, function(session)); }));
    return *std::move(result);
  }

  // write() on the calling thread. Never from inside another write: there is one writer.
  template <class F, class R = std::invoke_result_t<F&, Transaction&>>
  R write_now(F&& function) {
    std::optional<R> result;
    HY_TRY(with_writer([&](Transaction& transaction) { return keep(result, function(transaction)); }));
    return *std::move(result);
  }

 private:
  class Lease;
  using Hooks = std::vector<std::move_only_function<void()>>;

  template <class R>
  static Result<void> keep(std::optional<R>& kept, R result) {
    if (!result) return std::unexpected(std::move(result).error());
    kept.emplace(std::move(result));
    return {};
  }

  Result<void> with_reader(const std::function<Result<void>(Session&)>& body);
  Result<void> with_writer(const std::function<Result<void>(Transaction&)>& body);
  // One transaction under the writer's lock; `hooks` are what has to run after it.
  Result<void> transact(const std::function<Result<void>(Transaction&)>& body, Hooks& hooks);
  // Begins on `connection`, which is opened anew when it is null or was cut off while nobody used it.
  Result<void> begin(std::unique_ptr<Connection>& connection, Access access);
  Result<void> open(std::unique_ptr<Connection>& connection, Access access) const;

  const ConnectionOptions options_;
  async::BlockingPool& read_pool_;
  async::BlockingPool& write_pool_;
  const StatementCounts counts_;

  std::mutex writer_mutex_;
  // Null after a failed COMMIT until the next transaction has opened a new one.
  std::unique_ptr<Connection> writer_;

  std::mutex readers_mutex_;
  std::condition_variable reader_free_;
  std::vector<std::unique_ptr<Connection>> free_readers_;
};

}  // namespace hongyan::sql
