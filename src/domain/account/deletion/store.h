// Where it is kept which accounts are to be deleted. Each call is one transaction.
#pragma once

#include <cstddef>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/account/store.h"
#include "infra/async/task.h"

namespace hongyan::account {

// An account whose time is over.
struct DueDeletion {
  UserId user;
  // The person is gone from the account itself, since then.
  std::optional<TimeMs> scrubbed;
  bool operator==(const DueDeletion&) const = default;
};

// Thread-safe. Errors beside those named: unavailable, timeout, internal.
class DeletionStore {
 public:
  virtual ~DeletionStore() = default;

  // The account goes at this time, or at an earlier one that was set before; answers which. All devices and access tokens are
  // revoked. Errors: not_found, permission_denied for the only administrator that is to stay.
  virtual async::Task<Result<TimeMs>> schedule(UserId user, TimeMs at, TimeMs now, AfterCommit<> after_commit,
                                               async::Deadline deadline) = 0;
  // The account stays; answers it. A repeat changes nothing. Error: not_found, also once it is scrubbed.
  virtual async::Task<Result<User>> cancel(UserId user, async::Deadline deadline) = 0;

  // Those whose time is over and of which something is left, the earliest first.
  virtual async::Task<Result<std::vector<DueDeletion>>> due(TimeMs now, std::size_t limit,
                                                            async::Deadline deadline) = 0;

  // Takes the person out of the account: from now on it has neither name nor password nor devices, nobody gets its username
  // again, and nothing undoes that. An account that is scrubbed, or stays after all, is left alone, and the hook does not run.
  virtual async::Task<Result<void>> scrub(UserId user, TimeMs now, AfterCommit<> after_commit,
                                          async::Deadline deadline) = 0;
  // Drops what the account's devices would follow, some at a time; true when nothing is left.
  virtual async::Task<Result<bool>> drop_events(UserId user, async::Deadline deadline) = 0;
  // Overwrites what was deleted before, as far as the database keeps it elsewhere. Error: unavailable while somebody reads it.
  virtual async::Task<Result<void>> overwrite(async::Deadline deadline) = 0;
  // Nothing is left to do.
  virtual async::Task<Result<void>> finish(UserId user, async::Deadline deadline) = 0;
};

}  // namespace hongyan::account
