// One rate for many: a bucket for each.
#pragma once

#include <cstddef>
#include <mutex>

#include "base/lru.h"
#include "base/token_bucket.h"

namespace hongyan::edge {

// Bounded: a bucket that is full again says no more than none, so those not used for longest are dropped as they fill. When
// there are too many all the same, the oldest goes, and whose it was begins anew: memory comes before a limit. Thread-safe.
// Owned by the RateLimiter.
template <class Key>
class RateTable {
 public:
  using Time = TokenBucket::Clock::time_point;
  static constexpr std::size_t kMaxBuckets = 100'000;

  explicit RateTable(const Rate& rate, std::size_t max_buckets = kMaxBuckets) : rate_(rate), max_(max_buckets) {}

  // As TokenBucket::take and wait, for the bucket of `key`.
  TokenBucket::Wait take(const Key& key, Time now) {
    if (rate_.per_second <= 0) return TokenBucket::Wait(0);
    const std::lock_guard lock(mutex_);
    make_room(now);
    TokenBucket* held = buckets_.find(key);
    if (held == nullptr) held = &buckets_.put(key, TokenBucket());
    return held->take(rate_, now);
  }
  TokenBucket::Wait wait(const Key& key, Time now) {
    const std::lock_guard lock(mutex_);
    const TokenBucket* held = buckets_.find(key);
    return held == nullptr ? TokenBucket::Wait(0) : held->wait(rate_, now);
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return buckets_.size();
  }

 private:
  // Two for one that may come: the table shrinks while it is used, and no call pays for many.
  void make_room(Time now) {
    for (int i = 0; i < 2; ++i) {
      const TokenBucket* oldest = buckets_.oldest();
      if (oldest == nullptr || (!oldest->full(now) && buckets_.size() < max_)) return;
      buckets_.pop_oldest();
    }
  }

  const Rate rate_;
  const std::size_t max_;
  mutable std::mutex mutex_;
  Lru<Key, TokenBucket> buckets_;
};

}  // namespace hongyan::edge
