#include "infra/kv/leases/memory_leases.h"

#include <algorithm>

namespace hongyan::kv {

void MemoryLeases::hold(std::vector<std::string> keys, std::chrono::milliseconds lease) {
  const TimeMs now = clock_.now();
  const TimeMs until(now.value + lease.count());
  const std::lock_guard lock(mutex_);
  for (std::string& key : keys) until_.insert_or_assign(std::move(key), until);
  if (until_.size() < look_at_) return;
  std::erase_if(until_, [now](const auto& one) { return one.second <= now; });
  look_at_ = std::max(kFewest, 2 * until_.size());
}

async::Task<Result<std::vector<bool>>> MemoryLeases::held(std::vector<std::string> keys, async::Deadline) {
  const TimeMs now = clock_.now();
  std::vector<bool> held;
  held.reserve(keys.size());
  const std::lock_guard lock(mutex_);
  for (const std::string& key : keys) {
    const auto found = until_.find(key);
    held.push_back(found != until_.end() && found->second > now);
  }
  co_return held;
}

std::size_t MemoryLeases::size() const {
  const std::lock_guard lock(mutex_);
  return until_.size();
}

}  // namespace hongyan::kv
