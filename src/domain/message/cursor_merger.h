// The one writer of read marks: merges them in memory and writes them in batches.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "domain/message/metrics.h"
#include "domain/message/store.h"
#include "wire/topics.h"

namespace hongyan::message {

struct CursorMergerOptions {
  // At most one write in this time; a mark after a quieter time is written at once.
  std::chrono::milliseconds window{500};
  // Marks that may wait; beyond them `unavailable`.
  std::size_t waiting = 65'536;
};

// Called exactly once, from any thread, with the mark as it is stored; may be empty.
using MarkDone = std::move_only_function<void(Result<Seq>)>;

// Read marks are monotone maxima, so they pass the sequencer by: here they are merged per user and conversation, clamped
// to the head, written as one batch, answered, and pushed to those who watch. Owns the thread `cursors`. Owned by the
// message module. Thread-safe.
class CursorMerger {
 public:
  // `on_failure` hears of a failed write, from the thread `cursors`.
  CursorMerger(MessageStore& messages, CursorStore& cursors, wire::Topics& topics, MessageMetrics metrics,
               CursorMergerOptions options, std::function<void(Error)> on_failure);
  // Stops.
  ~CursorMerger();
  CursorMerger(const CursorMerger&) = delete;
  CursorMerger& operator=(const CursorMerger&) = delete;

  // Moves the mark up to `seq`; it never falls. `watchers`: the users whose topics get the push, the reader included.
  // Errors: unavailable. A repeat is harmless.
  void mark(UserPlace place, Seq seq, std::vector<UserId> watchers, MarkDone done);

  // Writes what waits, refuses more, joins. A repeat does nothing.
  void stop() noexcept;

 private:
  struct Mark {
    Seq seq;
    std::vector<UserId> watchers;
    std::vector<MarkDone> done;
  };
  using Marks = std::unordered_map<UserPlace, Mark>;

  void run();
  void write(Marks marks);
  Result<std::vector<ReadMark>> moved(const std::vector<UserPlace>& places, const Marks& marks,
                                      std::vector<Seq>& results);
  void publish(const std::vector<ReadMark>& moved, const Marks& marks);

  MessageStore& messages_;
  CursorStore& cursors_;
  wire::Topics& topics_;
  MessageMetrics metrics_;
  const CursorMergerOptions options_;
  const std::function<void(Error)> on_failure_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Marks pending_;
  std::size_t waiting_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace hongyan::message
