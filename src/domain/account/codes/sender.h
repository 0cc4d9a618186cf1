// The way of codes to people.
#pragma once

#include "base/result.h"
#include "domain/account/codes/types.h"
#include "infra/async/task.h"

namespace hongyan::account {

// Thread-safe. Outlives the slice.
class CodeSender {
 public:
  virtual ~CodeSender() = default;

  // Whether there is a way to such targets here.
  virtual bool reaches(TargetKind kind) const = 0;

  // Success: somebody else has taken it over. Only for targets that are reached. A repeat sends it again. Errors, whose details
  // name no target: unavailable, timeout.
  virtual async::Task<Result<void>> send(CodeLetter letter, async::Deadline deadline) = 0;
};

}  // namespace hongyan::account
