// Brings the store back after a failure, on a thread of its own.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "domain/message/store.h"

namespace hongyan::message::sequencing {

// How hard a failed store is tried.
struct RecoveryOptions {
  // Failures in a row that will not pass by themselves before the store is given up.
  int max_failures = 10;
  std::chrono::milliseconds first_pause{10};
  std::chrono::milliseconds longest_pause{5000};
};

// Owns the thread `reopen`, which has nothing to do as long as nothing fails. Owned by the sequencer, which goes on answering
// meanwhile.
class Reopener {
 public:
  // Called on its thread: the store is open again; an error means it was given up.
  using Reopened = std::function<void(Result<void>)>;

  Reopener(MessageStore& store, RecoveryOptions options, Reopened reopened);
  // Stops.
  ~Reopener();
  Reopener(const Reopener&) = delete;
  Reopener& operator=(const Reopener&) = delete;

  // Begins to re-open the store: at once, then with growing pauses until it succeeds or is given up. A failure that may
  // pass by itself (no space left) is tried for as long as it lasts. `failed`: why, as it counts too. Nothing else may be
  // under way.
  void reopen(Error failed);

  // A commit has succeeded: failures are counted anew.
  void succeeded() { failures_.store(0, std::memory_order_relaxed); }

  // Ends what is under way (a pause is cut short without an answer) and joins. A repeat does nothing.
  void stop() noexcept;

 private:
  void run();
  void run_reopen();
  void count(const Error& error);
  // False when stopped meanwhile.
  bool pause(std::chrono::milliseconds length);

  MessageStore& store_;
  const RecoveryOptions options_;
  const Reopened reopened_;
  // In a row, that will not pass by themselves.
  std::atomic<int> failures_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace hongyan::message::sequencing
