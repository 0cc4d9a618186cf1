// Who people are, to themselves and to others.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "domain/account/store.h"
#include "domain/account/types.h"
#include "infra/async/task.h"

namespace hongyan::account {

// Thread-safe. Owned by Module. Every call also answers unavailable or timeout.
class ProfileService {
 public:
  ProfileService(UserStore& users, SettingsStore& settings) : users_(users), settings_(settings) {}

  async::Task<Result<User>> me(UserId user, async::Deadline deadline);

  // The profile after the change; absent fields stay, empty ones are cleared. A repeat is harmless. Error:
  // invalid_argument naming the field.
  async::Task<Result<User>> update(UserId user, ProfileChange change, async::Deadline deadline);

  // Error: not_found.
  async::Task<Result<UserCard>> get(UserId user, async::Deadline deadline);

  // The enabled account with exactly this username, in any case; nothing when there is none, or none that everybody may
  // find.
  async::Task<Result<std::optional<UserCard>>> search(std::string username, async::Deadline deadline);

 private:
  UserStore& users_;
  SettingsStore& settings_;
};

}  // namespace hongyan::account
