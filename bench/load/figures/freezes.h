// Whether the machine itself stood still.
#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "bench/sockets/clock.h"

namespace hongyan::bench::load {

// A shared machine gives its processors to others for a while and tells nobody: a p99 is often made of nothing else. So for each
// processor a thread of the highest priority, before which nothing of this machine comes, wakes every millisecond and sees how
// late it is. Together that takes less than one percent of a processor. Owned by one thread, which waits for the others at its
// end only.
class FreezeWatch {
 public:
  FreezeWatch();

  // Of the processor that was worst.
  struct Seen {
    // False where the system does not allow such threads: then nothing is known.
    bool known = false;
    // All the time by which wake-ups were late, and the most of one.
    sockets::Nanos total = 0;
    sockets::Nanos longest = 0;
  };

  // Forgets what was seen before.
  void begin();
  Seen seen() const;

 private:
  struct Processor {
    std::atomic<bool> watched = false;
    std::atomic<sockets::Nanos> total = 0;
    std::atomic<sockets::Nanos> longest = 0;
  };

  static void watch(const std::stop_token& end, unsigned number, Processor& processor);

  std::vector<std::unique_ptr<Processor>> processors_;
  // Last, so that they have ended when what they write to goes.
  std::vector<std::jthread> threads_;
};

}  // namespace hongyan::bench::load
