// Chance of a run: the same seed draws the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hongyan::bench::load {

// Value type (splitmix64), cheap enough to be asked for every message.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t value = state_ += 0x9e3779b97f4a7c15ULL;
    value = (value ^ value >> 30U) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ value >> 27U) * 0x94d049bb133111ebULL;
    return value ^ value >> 31U;
  }

  // In [0, bound), which is below 2^32.
  std::size_t below(std::size_t bound) { return (next() >> 32U) * bound >> 32U; }

  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace hongyan::bench::load
