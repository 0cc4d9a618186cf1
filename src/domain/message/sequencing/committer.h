// The commit thread: makes batches durable, and brings the store back after a failure.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
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

// Owns the thread `commit`, the only one that writes messages. Does one thing at a time. Owned by the sequencer, whose
// callbacks it calls on its own thread.
class Committer {
 public:
  struct Callbacks {
    // The end of a commit.
    std::function<void(Result<void>)> committed;
    // The store is open again; an error means it was given up.
    std::function<void(Result<void>)> reopened;
  };

  Committer(MessageStore& store, RecoveryOptions options, Callbacks callbacks);
  // Stops.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Begins to make the batch durable. Nothing else may be under way.
  void commit(std::shared_ptr<const CommitBatch> batch);

  // Begins to re-open the store: at once, then with growing pauses until it succeeds or is given up. A failure that may
  // pass by itself (no space left) is tried for as long as it lasts. `failed`: why, as it counts too. Nothing else may be
  // under way.
  void reopen(Error failed);

  // Ends what is under way (a commit is finished, a pause is cut short without an answer) and joins. A repeat does
  // nothing.
  void stop() noexcept;

 private:
  void run();
  void run_commit(const CommitBatch& batch);
  void run_reopen();
  void count(const Error& error);
  // False when stopped meanwhile.
  bool pause(std::chrono::milliseconds length);

  MessageStore& store_;
  const RecoveryOptions options_;
  const Callbacks callbacks_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // What to do next: a batch, or re-opening.
  std::shared_ptr<const CommitBatch> batch_;
  bool reopen_ = false;
  bool stopping_ = false;
  // Failures in a row that will not pass by themselves.
  int failures_ = 0;
  std::thread thread_;
};

}  // namespace hongyan::message::sequencing
