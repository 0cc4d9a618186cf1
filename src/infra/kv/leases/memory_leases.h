// Leases of one process, in memory.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "infra/kv/leases/lease_store.h"

namespace hongyan::kv {

// Thread-safe. Owned by whoever wires the process. Lapsed keys are dropped when they are half of all, so it holds at most about
// twice what is held.
class MemoryLeases final : public LeaseStore {
 public:
  explicit MemoryLeases(const Clock& clock) : clock_(clock) {}

  void hold(std::vector<std::string> keys, std::chrono::milliseconds lease) override;
  async::Task<Result<std::vector<bool>>> held(std::vector<std::string> keys, async::Deadline deadline) override;

  // Keys kept, lapsed ones included.
  std::size_t size() const;

 private:
  // Looking for lapsed keys costs as much as there are keys: not for fewer than this.
  static constexpr std::size_t kFewest = 64;

  const Clock& clock_;
  mutable std::mutex mutex_;
  // Until when each key is held; from that moment on it is not.
  std::unordered_map<std::string, TimeMs> until_;
  std::size_t look_at_ = kFewest;
};

}  // namespace hongyan::kv
