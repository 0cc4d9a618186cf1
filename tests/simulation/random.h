// All chance of a schedule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace hongyan::simulation {

// Numbers that follow from a seed alone. Owned by the machine; what draws from it in the same order gets the same again.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // 0 up to, without, `bound`.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  // Both included.
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(below(static_cast<std::size_t>(most - least) + 1));
  }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
  // One of at least one.
  template <class T>
  T& pick(std::vector<T>& from) {
    return from[below(from.size())];
  }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace hongyan::simulation
