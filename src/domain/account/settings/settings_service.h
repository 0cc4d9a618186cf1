// What a user lets others know and do.
#pragma once

#include "domain/account/settings/privacy_cache.h"
#include "domain/account/store.h"

namespace hongyan::account {

// Thread-safe. Owned by Module. Every call also answers unavailable or timeout.
class SettingsService {
 public:
  SettingsService(SettingsStore& settings, PrivacyCache& cache) : settings_(settings), cache_(cache) {}

  async::Task<Result<Settings>> get(UserId user, async::Deadline deadline);

  // The settings after the change; absent fields stay. What differs is durable, told to the user's devices by a user event,
  // and holds for everything that is shown from now on. A repeat is harmless. Error: invalid_argument naming the field.
  async::Task<Result<Settings>> update(UserId user, SettingsChange change, async::Deadline deadline);

 private:
  SettingsStore& settings_;
  PrivacyCache& cache_;
};

}  // namespace hongyan::account
