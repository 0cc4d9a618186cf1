// The simulated machine: one real thread on which everything takes turns, and a clock that moves only while nobody has anything to do.
#pragma once

#include <ucontext.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "simulation/random.h"

namespace hongyan::simulation {

// What would be threads are fibers: each runs until it waits, then whose turn it is is drawn. The standard library's threads,
// condition variables, futures and steady clock of this program are those of the machine (standard_library.cc), so what runs on
// it is the server's own code, unchanged. What has no thread, such as an io_context or a network, is a source of work.
//
// One machine at a time, made and destroyed by the test, outlives all that runs on it.
class Machine {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // Does one piece of work; false when there is none.
  using Source = std::function<bool()>;
  using SourceId = std::list<Source>::iterator;
  using ThreadId = std::uintptr_t;

  explicit Machine(std::uint64_t seed);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Null while there is none.
  static Machine* current();

  Random& random() { return random_; }
  Time now() const { return now_; }
  // Everything sees that much time pass at once.
  void leap(std::chrono::milliseconds by) { now_ += by; }

  SourceId add(Source source) { return sources_.insert(sources_.end(), std::move(source)); }
  void remove(SourceId source) { sources_.erase(source); }

  // Runs whatever can run until `done` says so. Throws when it has not after half an hour: something hangs.
  void run_until(const std::function<bool()>& done);

  // For standard_library.cc. wait() ends by a wake of the same address (true) or at the deadline (false).
  ThreadId begin(std::move_only_function<void()> body);
  void join(ThreadId thread);
  bool wait(const void* address, Time deadline);
  void wake(const void* address, bool all);

 private:
  struct Fiber;

  static void enter();
  void turn(Time hang);
  bool step();
  void resume(Fiber& fiber);
  void pass_time();
  bool wait_as_root(const void* address, Time deadline);
  Fiber* find(ThreadId thread);

  Random random_;
  Time now_;
  std::list<Source> sources_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  ThreadId last_thread_ = 0;
  // Null while the test's own thread runs.
  Fiber* running_ = nullptr;
  bool in_source_ = false;
  ucontext_t root_;
  // Where the test's own thread waits.
  struct RootWait {
    const void* address;
    bool woken = false;
  };
  std::vector<RootWait*> root_waits_;
  // How far the clock moves next when nothing can run.
  std::chrono::microseconds stride_{0};
};

}  // namespace hongyan::simulation
