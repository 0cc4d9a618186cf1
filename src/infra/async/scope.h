// A gate for background coroutines: nothing is detached, and stop() knows when all have ended.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

#include "infra/async/task.h"

namespace hongyan::async {

// Owns every coroutine spawned through it. Thread-safe. Owned by whoever owns what the coroutines touch; close() must
// be called (or the destructor run) while the executors still turn.
class Scope {
 public:
  Scope() = default;
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  // Runs `task` on `executor`. False, and the task never starts, once close() has begun. An exception that leaves the
  // task is a bug: it is logged.
  bool spawn(const boost::asio::any_io_executor& executor, Task<void> task) {
    if (!enter()) return false;
    boost::asio::co_spawn(executor, std::move(task), [this](std::exception_ptr escaped) {
      if (escaped) report_escape(escaped);
      leave();
    });
    return true;
  }

  // Refuses new coroutines and waits until the running ones have ended, at most `patience`. True when all have ended.
  // Blocks: never call it on an executor the coroutines need.
  bool close(std::chrono::milliseconds patience);

  std::size_t running() const;

 private:
  bool enter();
  void leave();
  static void report_escape(const std::exception_ptr& escaped);

  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t running_ = 0;
  bool closing_ = false;
};

}  // namespace hongyan::async
