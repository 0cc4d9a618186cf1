// How long to wait before trying again.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace hongyan::chat {

// Full jitter: a random time up to a bound that doubles from 0.5 s to 30 s, so that clients of a server that was away do
// not come back all at once. Value type, one thread at a time.
class Backoff {
 public:
  static constexpr std::chrono::milliseconds kFirst{500};
  static constexpr std::chrono::milliseconds kLast{30'000};

  explicit Backoff(std::uint32_t seed) : random_(seed) {}

  std::chrono::milliseconds next() {
    std::uniform_int_distribution<std::int64_t> spread(0, bound_.count());
    bound_ = std::min(bound_ * 2, kLast);
    return std::chrono::milliseconds(spread(random_));
  }
  // After a success.
  void reset() { bound_ = kFirst; }

 private:
  std::mt19937 random_;
  std::chrono::milliseconds bound_ = kFirst;
};

}  // namespace hongyan::chat
