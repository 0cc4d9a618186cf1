// Something that happens once, elsewhere, and that a coroutine waits for.
#pragma once

#include <functional>
#include <memory>
#include <variant>

#include "infra/async/pending.h"

namespace hongyan::async {

// Lives in the coroutine that waits; what announces may be called from any thread and may outlive it.
class Announcement {
 public:
  Announcement(Loop& loop, Deadline deadline) : pending_(loop), deadline_(deadline) {}

  // The function that announces; a repeat does nothing. Taken once.
  std::move_only_function<void()> announce() const {
    return [giver = pending_.giver()]() mutable { giver({}); };
  }

  // True once announced, false when the deadline came first.
  Task<bool> wait() { co_return (co_await pending_.wait(deadline_)).has_value(); }

 private:
  Pending<std::monostate> pending_;
  const Deadline deadline_;
};

}  // namespace hongyan::async
