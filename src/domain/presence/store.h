// Where it is kept when people were last here.
#pragma once

#include <vector>

#include "base/result.h"
#include "domain/presence/types.h"
#include "infra/async/task.h"

namespace hongyan::presence {

// Storage port. Thread-safe. Errors of all methods: unavailable, timeout, internal.
class Store {
 public:
  // People of one call.
  static constexpr std::size_t kMaxPeople = 500;

  virtual ~Store() = default;

  // Replaces what is kept of each; each stands once. A repeat is safe.
  virtual async::Task<Result<void>> write(std::vector<LastSeen> rows, async::Deadline deadline) = 0;

  // Those of whom something is kept, in any order.
  virtual async::Task<Result<std::vector<LastSeen>>> read(std::vector<UserId> users, async::Deadline deadline) = 0;

  // Nothing is kept of the user. A repeat is safe.
  virtual async::Task<Result<void>> drop(UserId user, async::Deadline deadline) = 0;
};

}  // namespace hongyan::presence
