// Time, injected so that tests can hold it.
#pragma once

#include <atomic>
#include <chrono>

#include "base/ids.h"

namespace hongyan {

// Wall clock. Thread-safe. Deadlines use std::chrono::steady_clock instead.
class Clock {
 public:
  virtual ~Clock() = default;
  // Unix milliseconds UTC.
  virtual TimeMs now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  TimeMs now() const override {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return TimeMs(std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
  }
};

// A clock that stands still until it is told otherwise, for tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimeMs start = TimeMs(1'750'000'000'000)) : now_ms_(start.value) {}
  TimeMs now() const override { return TimeMs(now_ms_.load()); }
  void advance(std::chrono::milliseconds by) { now_ms_ += by.count(); }
  void set(TimeMs to) { now_ms_ = to.value; }

 private:
  std::atomic<std::int64_t> now_ms_;
};

}  // namespace hongyan
