// The one clock of a measurement.
#pragma once

#include <time.h>

#include <cstdint>

namespace hongyan::bench::sockets {

// Nanoseconds of CLOCK_MONOTONIC, or between two points of it.
using Nanos = std::int64_t;

inline constexpr Nanos kMicrosecond = 1'000;
inline constexpr Nanos kMillisecond = 1'000'000;
inline constexpr Nanos kSecond = 1'000'000'000;

inline Nanos now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * kSecond + time.tv_nsec;
}

constexpr Nanos seconds(double count) { return static_cast<Nanos>(count * static_cast<double>(kSecond)); }

}  // namespace hongyan::bench::sockets
