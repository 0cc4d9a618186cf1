// How long things took.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/sockets/clock.h"

namespace hongyan::bench::load {

// What is told of a histogram, in nanoseconds.
struct Percentiles {
  std::uint64_t count = 0;
  sockets::Nanos p50 = 0;
  sockets::Nanos p90 = 0;
  sockets::Nanos p99 = 0;
  sockets::Nanos p999 = 0;
  sockets::Nanos max = 0;
};

// Counts durations in buckets of at most 1 % of their value: nothing is averaged, nothing is left out, and adding one costs
// the same however many there are. One thread.
class Histogram {
 public:
  Histogram() : counts_(kBuckets) {}

  // A negative duration counts as 0.
  void add(sockets::Nanos duration) {
    const auto value = static_cast<std::uint64_t>(duration < 0 ? 0 : duration);
    ++counts_[bucket_of(value)];
    ++count_;
    if (duration > max_) max_ = duration;
  }

  // The smallest bucket's upper end that so many of a thousand do not exceed, at most the maximum; 0 when it is empty.
  sockets::Nanos at_permille(std::uint64_t permille) const;
  Percentiles percentiles() const;
  std::uint64_t count() const { return count_; }
  void clear();

 private:
  // 128 buckets for each power of two.
  static constexpr unsigned kFineBits = 7;
  static constexpr std::uint64_t kFine = 1U << kFineBits;
  // Up to 2^41 ns, more than half an hour; what is longer counts as that.
  static constexpr unsigned kMostBits = 41;
  static constexpr std::size_t kBuckets = (kMostBits - kFineBits + 1) * kFine;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < kFine) return value;
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - kFineBits - 1;
    const std::size_t bucket = (static_cast<std::size_t>(shift) << kFineBits) + (value >> shift);
    return bucket < kBuckets ? bucket : kBuckets - 1;
  }
  static std::uint64_t upper_end(std::size_t bucket);

  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  sockets::Nanos max_ = 0;
};

}  // namespace hongyan::bench::load
