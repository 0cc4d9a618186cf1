#include "domain/account/settings/privacy_cache.h"

namespace hongyan::account {

Result<std::vector<Settings>> PrivacyCache::of(std::span<const UserId> users) {
  std::vector<Settings> settings(users.size());
  std::vector<UserId> missing;
  std::vector<std::size_t> places;
  std::uint64_t drops = 0;
  {
    const std::lock_guard lock(mutex_);
    drops = drops_;
    for (std::size_t i = 0; i < users.size(); ++i) {
      if (const Settings* known = by_user_.find(users[i])) {
        settings[i] = *known;
      } else {
        missing.push_back(users[i]);
        places.push_back(i);
      }
    }
  }
  if (missing.empty()) return settings;
  HY_TRY(const auto stored, store_.find_now(missing));
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < missing.size(); ++i) {
    settings[places[i]] = stored[i];
    if (drops == drops_) by_user_.put(missing[i], stored[i]);
  }
  return settings;
}

void PrivacyCache::drop(UserId user) {
  const std::lock_guard lock(mutex_);
  ++drops_;
  by_user_.erase(user);
}

}  // namespace hongyan::account
