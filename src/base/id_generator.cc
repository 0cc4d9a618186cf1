#include "base/id_generator.h"

#include <algorithm>

#include "base/assert.h"

namespace hongyan {

IdGenerator::IdGenerator(std::uint32_t node, const Clock& clock, IdCeiling& ceiling)
    : node_(node), clock_(clock), store_(ceiling) {
  HY_CHECK(node < (1u << kNodeBits));
}

Result<void> IdGenerator::start() {
  const std::lock_guard lock(mutex_);
  HY_TRY(const TimeMs stored, store_.load());
  // Everything up to the stored ceiling may have been issued already.
  last_ms_ = std::max(clock_.now().value, stored.value + 1);
  counter_ = 0;
  return raise_ceiling();
}

Result<std::uint64_t> IdGenerator::next() {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = clock_.now().value;
  if (now > last_ms_) {
    last_ms_ = now;
    counter_ = 0;
  } else if (++counter_ == (1u << kCounterBits)) {
    // The counter is used up, or the clock went back: run ahead of the clock rather than wait for it.
    ++last_ms_;
    counter_ = 0;
  }
  if (last_ms_ >= ceiling_ms_) HY_TRY(raise_ceiling());
  const auto since_epoch = static_cast<std::uint64_t>(last_ms_ - kEpochMs);
  return (since_epoch << (kNodeBits + kCounterBits)) | (node_ << kCounterBits) | counter_;
}

Result<void> IdGenerator::raise_ceiling() {
  const std::int64_t next = last_ms_ + std::chrono::milliseconds(kCeilingAhead).count();
  if (auto stored = store_.store(TimeMs(next)); !stored) {
    return fail(ErrorCode::unavailable, "id ceiling: " + stored.error().detail);
  }
  ceiling_ms_ = next;
  return {};
}

}  // namespace hongyan
