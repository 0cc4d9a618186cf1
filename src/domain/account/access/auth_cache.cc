#include "domain/account/access/auth_cache.h"

#include <algorithm>

namespace hongyan::account {
namespace {

// More than a user may have, so that only leftovers of revoked devices are pushed out.
constexpr std::size_t kMaxDevices = 64;

using Entry = std::pair<DeviceId, AuthState>;

}  // namespace

std::optional<AuthState> AuthCache::find(UserId user, DeviceId device) {
  const std::lock_guard lock(mutex_);
  const auto* devices = by_user_.find(user);
  if (devices == nullptr) return std::nullopt;
  const auto found = std::ranges::find(*devices, device, &Entry::first);
  if (found == devices->end()) return std::nullopt;
  return found->second;
}

std::uint64_t AuthCache::drops() const {
  const std::lock_guard lock(mutex_);
  return drops_;
}

void AuthCache::put(UserId user, DeviceId device, const AuthState& state, std::uint64_t drops_before) {
  const std::lock_guard lock(mutex_);
  if (drops_ != drops_before) return;
  auto* devices = by_user_.find(user);
  if (devices == nullptr) devices = &by_user_.put(user, {});
  std::erase_if(*devices, [device](const Entry& entry) { return entry.first == device; });
  if (devices->size() >= kMaxDevices) devices->erase(devices->begin());
  devices->emplace_back(device, state);
}

void AuthCache::drop(UserId user) {
  const std::lock_guard lock(mutex_);
  ++drops_;
  by_user_.erase(user);
}

}  // namespace hongyan::account
