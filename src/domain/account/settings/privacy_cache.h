// The settings of users who were asked for lately, so that showing or hiding something costs no SQL.
#pragma once

#include <mutex>
#include <span>
#include <vector>

#include "base/lru.h"
#include "domain/account/api.h"
#include "domain/account/store.h"

namespace hongyan::account {

// Bounded; a user is dropped right after the commit of a change. Thread-safe. Owned by Module; the store must outlive it.
class PrivacyCache final : public Privacy {
 public:
  PrivacyCache(SettingsStore& store, std::size_t users) : store_(store), by_user_(users) {}

  Result<std::vector<Settings>> of(std::span<const UserId> users) override;

  // Call it right after the commit of the change.
  void drop(UserId user);

 private:
  SettingsStore& store_;
  std::mutex mutex_;
  // How often anything was dropped: what was read before a drop may be older than it.
  std::uint64_t drops_ = 0;
  BoundedLru<UserId, Settings> by_user_;
};

}  // namespace hongyan::account
