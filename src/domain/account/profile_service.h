// Who people are, to themselves and to others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "base/result.h"
#include "domain/account/store.h"
#include "domain/account/types.h"
#include "infra/async/task.h"
#include "infra/text/words.h"

namespace hongyan::account {

// Thread-safe. Owned by Module. Every call also answers unavailable or timeout.
class ProfileService {
 public:
  static constexpr std::size_t kMaxBatch = 100;
  // What the asker holds of whom.
  using KnownVersions = std::map<UserId, std::int64_t>;

  ProfileService(UserStore& users, const text::Words& words) : users_(users), words_(words) {}

  async::Task<Result<User>> me(UserId user, async::Deadline deadline);

  // The profile after the change; absent fields stay, empty ones are cleared. A repeat is harmless. Error:
  // invalid_argument or content_rejected naming the field.
  async::Task<Result<User>> update(UserId user, ProfileChange change, async::Deadline deadline);

  // Error: not_found.
  async::Task<Result<UserCard>> get(UserId user, async::Deadline deadline);

  // Those of the users, each once and in their order, whose version is another than the one that is known; unknown ones are
  // left out. Error: invalid_argument for more than kMaxBatch.
  async::Task<Result<std::vector<UserCard>>> batch(std::vector<UserId> users, KnownVersions known,
                                                   async::Deadline deadline);

 private:
  UserStore& users_;
  const text::Words& words_;
};

}  // namespace hongyan::account
