// 64-bit snowflake ids: 41 bits of milliseconds since 2024-01-01, 10 bits node, 12 bits counter.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"

namespace hongyan {

// Where the generator remembers how far it may have issued, so that a clock set back repeats nothing.
class IdCeiling {
 public:
  virtual ~IdCeiling() = default;
  // The stored ceiling, TimeMs(0) when none was ever stored.
  virtual Result<TimeMs> load() = 0;
  // Durable when it returns. A repeat is harmless.
  virtual Result<void> store(TimeMs ceiling) = 0;
};

// Issues ids that rise and are never repeated, not even across restarts with a clock set back: it persists a ceiling
// 60 s ahead of what it issues and starts above the stored one. Thread-safe. Owned by the process, outlives all users.
class IdGenerator {
 public:
  static constexpr std::int64_t kEpochMs = 1'704'067'200'000;  // 2024-01-01T00:00:00Z
  static constexpr int kNodeBits = 10;
  static constexpr int kCounterBits = 12;
  static constexpr std::chrono::seconds kCeilingAhead{60};

  // `node` below 1024. `ceiling` and `clock` must outlive the generator. Call start() before the first id.
  IdGenerator(std::uint32_t node, const Clock& clock, IdCeiling& ceiling);

  // Reads the stored ceiling and stores the next one. Fails when the ceiling cannot be read or written.
  Result<void> start();

  // A fresh id. Blocks on one small durable write about once a minute. Fails with `unavailable` when that write fails:
  // an id beyond the ceiling would not survive a clock set back.
  Result<std::uint64_t> next();

  // Milliseconds since the Unix epoch at which `id` was issued.
  static TimeMs time_of(std::uint64_t id) {
    return TimeMs(static_cast<std::int64_t>(id >> (kNodeBits + kCounterBits)) + kEpochMs);
  }

 private:
  Result<void> raise_ceiling();

  const std::uint64_t node_;
  const Clock& clock_;
  IdCeiling& store_;
  std::mutex mutex_;
  std::int64_t last_ms_ = 0;
  std::uint64_t counter_ = 0;
  std::int64_t ceiling_ms_ = 0;
};

}  // namespace hongyan
