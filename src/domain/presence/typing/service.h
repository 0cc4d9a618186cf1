// The use case of typing.
#pragma once

#include <vector>

#include "base/clock.h"
#include "domain/conversation/api.h"
#include "domain/presence/config.h"
#include "domain/presence/typing/throttle.h"
#include "wire/topics.h"

namespace hongyan::presence {

// What the service works with; all must outlive it.
struct TypingPorts {
  conversation::Api& conversations;
  conversation::Groups& groups;
  wire::Topics& topics;
  const Clock& clock;
};

// Thread-safe. Owned by Module. Keeps nothing but who was told what lately: a hint that is lost is lost.
class TypingService {
 public:
  TypingService(const TypingPorts& ports, const Config& config)
      : ports_(ports), config_(config), throttle_({.interval = config.typing_interval, .shown = config.typing}) {}

  // Tells the others of a 1:1 or of a small group that the user is typing, or has stopped. What comes too often, and what is
  // said in a larger group, succeeds and goes nowhere. A repeat is harmless. Errors: what a send there would be refused with
  // (not_found for strangers, not_member, muted …), unavailable, timeout.
  async::Task<Result<void>> set(UserId user, ConversationId conversation, bool typing, async::Deadline deadline);

 private:
  async::Task<Result<std::vector<UserId>>> others(UserId user, ConversationId conversation,
                                                  const conversation::SendGuard& guard, async::Deadline deadline);

  const TypingPorts ports_;
  const Config config_;
  TypingThrottle throttle_;
};

}  // namespace hongyan::presence
