// The one writer of read and delivered marks: merges them in memory and writes them in batches.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <thread>
#include <vector>

#include "domain/message/cursors/cursor_store.h"
#include "domain/message/hiders.h"
#include "domain/message/metrics.h"
#include "domain/message/store.h"
#include "wire/topics.h"

namespace hongyan::message {

struct CursorMergerOptions {
  // At most one write in this time; a mark after a quieter time is written at once.
  std::chrono::milliseconds window{500};
  // Senders in groups hear at most this often how far others have read.
  std::chrono::milliseconds announce_every{1000};
  // Marks that may wait; beyond them `unavailable`.
  std::size_t waiting = 65'536;
};

// What the merger works with; all must outlive it.
struct CursorMergerPorts {
  MessageStore& messages;
  CursorStore& cursors;
  account::Privacy& privacy;
  wire::Topics& topics;
};

// Called exactly once, from any thread, with the mark as it is stored; may be empty.
using MarkDone = std::move_only_function<void(Result<Seq>)>;

// Who hears of a mark besides the user's own devices.
struct Audience {
  // The other person of a 1:1.
  std::optional<UserId> peer = {};
  // Those who sent what is read now: in groups that are not too large for it.
  bool senders = false;
};

// A user has got up to `seq`.
struct MarkRequest {
  UserPlace place;
  MarkKind kind = MarkKind::read;
  Seq seq;
  Audience audience;
};

// Marks are monotone maxima, so they pass the sequencer by: here they are merged per user and conversation, clamped to the
// head, written as one batch, answered, and pushed to those who watch. What cannot be written is tried again until it is, for who does not ask again. What somebody keeps to themselves is told to their own
// devices only, and others cannot tell from any number that it has moved. Owns the thread `cursors`. Owned by the message
// module. Thread-safe.
class CursorMerger {
 public:
  // `on_failure` hears of a failed write, from the thread `cursors`.
  CursorMerger(const CursorMergerPorts& ports, MessageMetrics metrics, CursorMergerOptions options,
               std::function<void(Error)> on_failure);
  // Stops.
  ~CursorMerger();
  CursorMerger(const CursorMerger&) = delete;
  CursorMerger& operator=(const CursorMerger&) = delete;

  // Moves the mark up to the seq; it never falls. Errors: unavailable, and then it may be written later all the same. A repeat is
  // harmless.
  void mark(MarkRequest request, MarkDone done);

  // Writes what waits, refuses more, joins. A repeat does nothing.
  void stop() noexcept;

 private:
  using Time = std::chrono::steady_clock::time_point;

  struct Waiter {
    MarkKind kind;
    MarkDone done;
  };
  struct Mark {
    Seq read;
    Seq delivered;
    Audience audience;
    std::vector<Waiter> waiters;
  };
  using Marks = std::map<UserPlace, Mark>;

  // What a batch changes.
  struct Batch {
    std::map<UserPlace, Cursor> before;
    std::map<UserPlace, Cursor> after;
    std::map<UserId, CursorNo> numbers;
    // How far each who marks can get: the head, of a group they have left that of then.
    std::map<UserPlace, Seq> ends;
    Hiders hiders;
  };
  // Where a write has failed: it may have happened, and nobody was told.
  using Unsure = std::set<UserPlace>;
  // Reads in groups of which the senders have not heard yet.
  using Unannounced = std::map<UserPlace, SeqRange>;

  void run();
  bool await_work(std::unique_lock<std::mutex>& lock);
  bool write(Marks& marks);
  void keep(Marks& marks);
  Result<Batch> load(const Marks& marks);
  static void apply(const Marks& marks, Batch& batch);
  static std::vector<PlacedCursor> changed(const Batch& batch);
  static void answer(Marks& marks, const Batch& batch);
  static void answer(Marks& marks, const Error& error);
  void publish(const Marks& marks, const Batch& batch);
  void note_unannounced(const UserPlace& place, SeqRange read);
  void announce();
  std::set<UserId> senders_of(const UserPlace& place, const SeqRange& read);
  Result<std::map<UserPlace, Seq>> ends_of(std::span<const UserPlace> places);

  const CursorMergerPorts ports_;
  MessageMetrics metrics_;
  const CursorMergerOptions options_;
  const std::function<void(Error)> on_failure_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Marks pending_;
  std::size_t waiting_ = 0;
  bool stopping_ = false;

  // The thread's own.
  Unsure unsure_;
  Unannounced unannounced_;
  Time quiet_until_ = Time::min();
  Time announce_at_ = Time::min();
  std::thread thread_;
};

}  // namespace hongyan::message
