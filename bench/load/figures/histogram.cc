#include "bench/load/figures/histogram.h"

#include <algorithm>

namespace hongyan::bench::load {

std::uint64_t Histogram::upper_end(std::size_t bucket) {
  if (bucket < kFine) return bucket;
  const std::size_t shift = (bucket >> kFineBits) - 1;
  return (((bucket & (kFine - 1)) + kFine + 1) << shift) - 1;
}

sockets::Nanos Histogram::at_permille(std::uint64_t permille) const {
  if (count_ == 0) return 0;
  const std::uint64_t wanted = (count_ * permille + 999) / 1000;
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += counts_[bucket];
    if (seen >= wanted) return std::min(static_cast<sockets::Nanos>(upper_end(bucket)), max_);
  }
  return max_;
}

Percentiles Histogram::percentiles() const {
  return {.count = count_,
          .p50 = at_permille(500),
          .p90 = at_permille(900),
          .p99 = at_permille(990),
          .p999 = at_permille(999),
          .max = max_};
}

void Histogram::clear() {
  std::ranges::fill(counts_, 0);
  count_ = 0;
  max_ = 0;
}

}  // namespace hongyan::bench::load
