#include "domain/account/settings/settings_service.h"

#include "domain/account/rules.h"

namespace hongyan::account {

async::Task<Result<Settings>> SettingsService::get(UserId user, async::Deadline deadline) {
  return settings_.find(user, deadline);
}

async::Task<Result<Settings>> SettingsService::update(UserId user, SettingsChange change, async::Deadline deadline) {
  HY_CO_TRY(check_settings(change));
  co_return co_await settings_.update(user, change, [this, user] { cache_.drop(user); }, deadline);
}

}  // namespace hongyan::account
