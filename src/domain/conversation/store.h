// Where conversations and memberships are kept.
#pragma once

#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/conversation/types.h"
#include "infra/async/task.h"

namespace hongyan::conversation {

// The people of a 1:1, lower id first; the same twice in the file helper. Value type.
struct Pair {
  UserId low;
  UserId high;
  Pair(UserId a, UserId b) : low(a < b ? a : b), high(a < b ? b : a) {}
};

// Storage port. Thread-safe. Errors of all methods: unavailable, timeout, internal.
class Store {
 public:
  virtual ~Store() = default;

  // The 1:1 of the pair, nothing when there is none.
  virtual async::Task<Result<std::optional<ConversationId>>> find_direct(Pair pair, async::Deadline deadline) = 0;

  // Creates the 1:1 of the pair with this id unless it exists; answers the id that counts. A repeat is safe.
  virtual async::Task<Result<ConversationId>> create_direct(Pair pair, ConversationId fresh, TimeMs now,
                                                            async::Deadline deadline) = 0;

  // The user's place in the conversation, nothing when they are not in it or it does not exist.
  virtual async::Task<Result<std::optional<Membership>>> membership(ConversationId conversation, UserId user,
                                                                    async::Deadline deadline) = 0;

  // Every conversation of the user by id, at most kMaxConversations.
  virtual async::Task<Result<std::vector<Membership>>> memberships_of(UserId user, async::Deadline deadline) = 0;

  static constexpr std::int64_t kMaxConversations = 20'000;
};

}  // namespace hongyan::conversation
