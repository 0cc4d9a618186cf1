// A gate for background coroutines: nothing is detached, and stop() knows when all have ended.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
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

  // Runs `task`, as async::spawn() does. False, and the task never starts, once close() has begun. An exception that leaves
  // the task is a bug: it is logged.
  bool spawn(Loop& loop, Task<void> task);
  bool spawn(const boost::asio::any_io_executor& executor, Task<void> task) {
    return spawn(Loop::of(executor), std::move(task));
  }

  // Stands for something under way that is no coroutine, as long as it lives. Move only.
  class Hold {
   public:
    explicit Hold(Scope& scope) : scope_(&scope) {}
    Hold(Hold&& other) noexcept : scope_(std::exchange(other.scope_, nullptr)) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold() {
      if (scope_ != nullptr) scope_->leave();
    }

   private:
    Scope* scope_;
  };

  // Nothing once close() has begun.
  std::optional<Hold> hold() { return enter() ? std::optional<Hold>(*this) : std::nullopt; }

  // Refuses new coroutines and waits until the running ones have ended, at most `patience`. True when all have ended.
  // Blocks: never call it on an executor the coroutines need.
  bool close(std::chrono::milliseconds patience);

  std::size_t running() const;

 private:
  // The lowest bit of the state says that close() has begun, the others count what runs: requests come and go on all io
  // threads at once, and would wait for each other at a lock.
  static constexpr std::uint64_t kClosing = 1;
  static constexpr std::uint64_t kOne = 2;

  bool enter();
  void leave();

  std::atomic<std::uint64_t> state_{0};
  // Only for the end.
  std::mutex mutex_;
  std::condition_variable ended_;
  bool all_ended_ = false;
};

}  // namespace hongyan::async
