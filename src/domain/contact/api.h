// What later slices may ask of contacts.
#pragma once

#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/contact/types.h"
#include "infra/async/task.h"

namespace hongyan::contact {

// Thread-safe; lives as long as the process's modules. Errors: unavailable, timeout, internal.
class Api {
 public:
  virtual ~Api() = default;

  // What each of the others, at most 500, is to the user, in their order.
  virtual async::Task<Result<std::vector<Standing>>> standings(UserId user, std::vector<UserId> others,
                                                               async::Deadline deadline) = 0;

  // Makes friends of two people whom nobody asked, for what fills a data folder; the line that tells of it is in the history
  // of their 1:1 as a rule. A repeat is harmless.
  virtual async::Task<Result<void>> befriend(UserId user, UserId other, async::Deadline deadline) = 0;
};

}  // namespace hongyan::contact
