// Threads for calls that block (SQL, disk reads, password hashing), with a bounded queue in front of them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/result.h"
#include "infra/async/task.h"

namespace hongyan::async {

// Runs blocking functions on its own threads and resumes the caller on the caller's executor, which must outlive it.
// Thread-safe. Owned by a module; stop() ends it after what is queued has run. A full queue is answered `unavailable`.
class BlockingPool {
 public:
  // `name` names the threads; at most `queue_limit` calls wait.
  BlockingPool(std::string name, std::size_t threads, std::size_t queue_limit);
  ~BlockingPool();
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  // Runs `function` (returns Result<T>) on the pool. `timeout` when the deadline passes before it begins; once begun it
  // runs to its end. Awaitable from any executor.
  template <class F, class R = std::invoke_result_t<F&>>
  Task<R> run(Deadline deadline, F function) {
    // Both live in this coroutine, which waits for the job.
    std::optional<R> result;
    HY_CO_TRY(co_await run_job(deadline, [&] { result.emplace(function()); }));
    co_return std::move(*result);
  }

  // Queues `job` without an answer. False when the queue is full or the pool has stopped.
  [[nodiscard]] bool post(std::move_only_function<void()> job);

  // Calls that wait now.
  std::size_t waiting() const;

  // Refuses new calls, runs what is queued, joins. A repeat does nothing.
  void stop() noexcept;

 private:
  // What run() does, compiled once.
  Task<Result<void>> run_job(Deadline deadline, std::move_only_function<void()> job);
  void work();

  const std::string name_;
  const std::size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::move_only_function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace hongyan::async
