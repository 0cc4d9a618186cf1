// Threads for calls that block (SQL, disk reads, password hashing), with a bounded queue in front of them.
#pragma once

#include <atomic>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
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
    co_return co_await boost::asio::async_initiate<decltype(boost::asio::use_awaitable), void(R)>(
        [this, deadline](auto handler, F body) {
          this->template submit<R>(deadline, std::move(handler), std::move(body));
        },
        boost::asio::use_awaitable, std::move(function));
  }

  // Queues `job` without an answer. False when the queue is full or the pool has stopped.
  [[nodiscard]] bool post(std::move_only_function<void()> job);

  // Calls that wait now.
  std::size_t waiting() const;

  // Refuses new calls, runs what is queued, joins. A repeat does nothing.
  void stop() noexcept;

 private:
  // A call on its way. Everything in it belongs to the caller's executor and is handed back there: a handler that ended on
  // a pool thread would destroy the caller's coroutine, and what that owns, on the wrong thread.
  template <class Handler>
  struct Call {
    explicit Call(Handler&& completion)
        : handler(std::move(completion)),
          executor(boost::asio::get_associated_executor(handler)),
          work(boost::asio::make_work_guard(executor)) {}

    template <class R>
    static void complete(std::shared_ptr<Call> call, R result) {
      const auto home = call->executor;
      boost::asio::post(home, [call = std::move(call), result = std::move(result)]() mutable {
        auto handler = std::move(call->handler);
        call.reset();
        std::move(handler)(std::move(result));
      });
    }

    Handler handler;
    boost::asio::associated_executor_t<Handler> executor;
    // Keeps the caller's context turning while the call is away.
    boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> work;
  };

  template <class R, class Handler, class F>
  void submit(Deadline deadline, Handler handler, F body) {
    auto call = std::make_shared<Call<Handler>>(std::move(handler));
    const bool queued = post([deadline, body = std::move(body), call]() mutable {
      R result = std::chrono::steady_clock::now() > deadline
                     ? R(fail(ErrorCode::timeout, "waited too long for a thread"))
                     : body();
      Call<Handler>::complete(std::move(call), std::move(result));
    });
    if (!queued) {
      Call<Handler>::complete(std::move(call),
                              R(fail(Error::later(ErrorCode::unavailable, 1000, name_ + " queue is full"))));
    }
  }

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
