// What is known of the devices that authenticated lately, so that a request costs no SQL.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/lru.h"
#include "domain/account/store.h"

namespace hongyan::account {

// Bounded; dropped by user whenever anything of theirs changed. Thread-safe. Owned by Module.
class AuthCache {
 public:
  explicit AuthCache(std::size_t users) : by_user_(users) {}

  std::optional<AuthState> find(UserId user, DeviceId device);

  // Call it before reading what put() is to keep.
  std::uint64_t drops() const;
  // Keeps the state unless anything was dropped since `drops_before`: then it may be older than the drop.
  void put(UserId user, DeviceId device, const AuthState& state, std::uint64_t drops_before);

  // Call it right after the commit of the change.
  void drop(UserId user);

 private:
  mutable std::mutex mutex_;
  std::uint64_t drops_ = 0;
  // A user has few devices, so a list does.
  BoundedLru<UserId, std::vector<std::pair<DeviceId, AuthState>>> by_user_;
};

}  // namespace hongyan::account
