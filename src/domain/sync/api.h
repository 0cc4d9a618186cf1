// What the edges may ask of catching up.
#pragma once

#include <cstddef>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/account/events.h"
#include "hongyan/v1/frame.pb.h"
#include "infra/async/task.h"

namespace hongyan::sync {

// How what a client holds differs from what there is.
struct Comparison {
  account::UserVersion version;
  // Conversations in which something is missing.
  std::vector<ConversationId> behind;
};

// Where conversations stand for a user at one moment.
struct Heads {
  account::UserVersion version;
  std::vector<v1::GapConversation> conversations;
};

// Thread-safe; lives as long as the process's modules. Nothing is shown beyond what the user may see: the head of a group they
// have left is where they left it. Every call also answers unavailable or timeout.
class Api {
 public:
  // Conversations of one heartbeat, and of one `gap`.
  static constexpr std::size_t kMaxCompared = 20;
  static constexpr std::size_t kMaxHeads = 100;

  virtual ~Api() = default;

  // Compares what a heartbeat says with what there is. Conversations the user never was in are left out. Errors:
  // invalid_argument for more than kMaxCompared conversations and for what is no id.
  virtual async::Task<Result<Comparison>> compare(UserId user, v1::PingFrame ping, async::Deadline deadline) = 0;

  // The heads of those of these conversations that the user is or was in, at most kMaxHeads, in no order.
  virtual async::Task<Result<Heads>> heads(UserId user, std::vector<ConversationId> conversations,
                                           async::Deadline deadline) = 0;
};

}  // namespace hongyan::sync
