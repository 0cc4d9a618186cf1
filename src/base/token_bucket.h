// How often something may happen: a rate, and what is left of it.
#pragma once

#include <chrono>
#include <cstdint>

namespace hongyan {

// So many a second in the long run, and so many at once after a rest. Value type.
struct Rate {
  // At most 1,000,000; 0 for no limit.
  std::int64_t per_second = 0;
  // At least 1.
  std::int64_t burst = 1;
};

// What is left of one rate, in eight bytes: the generic cell rate algorithm, which keeps the moment at which the bucket
// will be full again instead of a count that has to be topped up. New buckets are full. Not thread-safe.
class TokenBucket {
 public:
  using Clock = std::chrono::steady_clock;
  using Wait = std::chrono::nanoseconds;

  // Takes `count` tokens, at least 1. Answers zero when they were there; otherwise nothing is taken, and this is how long it
  // will be until they are. More than a burst is never there. A clock that steps back gives nothing away.
  Wait take(const Rate& rate, Clock::time_point now, std::int64_t count = 1) {
    const Wait missing = wait(rate, now, count);
    if (missing.count() == 0 && rate.per_second > 0) full_at_ = after(rate, now, count);
    return missing;
  }

  // What take() would answer.
  Wait wait(const Rate& rate, Clock::time_point now, std::int64_t count = 1) const {
    if (rate.per_second <= 0) return Wait(0);
    const Wait missing = after(rate, now, count) - now - spacing(rate) * rate.burst;
    return missing > Wait(0) ? missing : Wait(0);
  }

  // Nothing is missing, so that a new bucket would be the same.
  bool full(Clock::time_point now) const { return full_at_ <= now; }

 private:
  static Wait spacing(const Rate& rate) { return Wait(std::chrono::seconds(1)) / rate.per_second; }
  // When the bucket is full again if `count` tokens are taken now.
  Clock::time_point after(const Rate& rate, Clock::time_point now, std::int64_t count) const {
    return (full_at_ > now ? full_at_ : now) + spacing(rate) * count;
  }

  Clock::time_point full_at_ = Clock::time_point::min();
};

}  // namespace hongyan
