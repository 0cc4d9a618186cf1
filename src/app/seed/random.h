// Chance that is the same on every machine: the standard fixes the generator, but not its distributions.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace hongyan::app {

// Value type; the same seed gives the same numbers.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // In [0, bound). The bias of the remainder is below one in 2^40 for what is seeded.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  // In [low, high].
  std::size_t between(std::size_t low, std::size_t high) { return low + below(high - low + 1); }
  // In [0, 1).
  double unit() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  bool chance(double probability) { return unit() < probability; }

  template <class T>
  const T& pick(std::span<const T> from) {
    return from[below(from.size())];
  }

 private:
  std::mt19937_64 engine_;
};

// Draws ranks 0, 1, 2 … of which the k-th weighs 1 / (k + 1)^exponent (Zipf's law). Immutable, thread-safe.
class Zipf {
 public:
  // `count` is at least 1.
  Zipf(std::size_t count, double exponent) {
    sums_.reserve(count);
    double sum = 0;
    for (std::size_t rank = 0; rank < count; ++rank) {
      sum += std::pow(static_cast<double>(rank + 1), -exponent);
      sums_.push_back(sum);
    }
  }

  std::size_t draw(Random& random) const { return draw(random, sums_.size()); }
  // Of the first `count` ranks only.
  std::size_t draw(Random& random, std::size_t count) const {
    const auto end = sums_.begin() + static_cast<std::ptrdiff_t>(std::min(count, sums_.size()));
    const auto found = std::upper_bound(sums_.begin(), end, random.unit() * *std::prev(end));
    return static_cast<std::size_t>(std::min(found, std::prev(end)) - sums_.begin());
  }

 private:
  std::vector<double> sums_;
};

}  // namespace hongyan::app
