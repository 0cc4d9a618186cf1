// What later slices may ask of conversations.
#pragma once

#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/conversation/types.h"
#include "infra/async/task.h"

namespace hongyan::conversation {

// Thread-safe; lives as long as the process's modules.
class Api {
 public:
  virtual ~Api() = default;

  // The one 1:1 of `user` and `peer`, created when there is none yet, also when both open it at once; with oneself the
  // file helper. A repeat gives the same. Errors: not_found when the peer does not exist, or is disabled and there is no
  // 1:1 yet.
  virtual async::Task<Result<Membership>> open_direct(UserId user, UserId peer, async::Deadline deadline) = 0;

  // Whether `sender` may send to `conversation`. A stranger gets a guard with refusal not_found, never an error: errors
  // are failures of the store (unavailable, timeout). Runs on the db pool.
  virtual async::Task<Result<SendGuard>> send_guard(ConversationId conversation, UserId sender,
                                                    async::Deadline deadline) = 0;

  // The user's place in the conversation; not_found for strangers and unknown conversations alike.
  virtual async::Task<Result<Membership>> membership(ConversationId conversation, UserId user,
                                                     async::Deadline deadline) = 0;

  // Every conversation of the user, by id.
  virtual async::Task<Result<std::vector<Membership>>> memberships_of(UserId user, async::Deadline deadline) = 0;
};

}  // namespace hongyan::conversation
