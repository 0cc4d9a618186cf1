// Tells every sequencer that what it knows of a permission is no longer true.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/ids.h"
#include "infra/async/task.h"

namespace hongyan::wire {

// Caches permissions; implemented by the sequencer. Thread-safe.
class PermissionListener {
 public:
  virtual ~PermissionListener() = default;
  // Drops what is cached of the user, then calls `done` once, from any thread.
  virtual void drop_user(UserId user, std::move_only_function<void()> done) = 0;
  // Drops what is cached of the conversation, then calls `done` once, from any thread.
  virtual void drop_conversation(ConversationId conversation, std::move_only_function<void()> done) = 0;
};

// Spreads bumps to all listeners of the process. Owned by the wire module; listeners register at start-up, before the
// first request, and outlive all requests. Thread-safe.
class PermissionHub {
 public:
  void add(PermissionListener& listener) { listeners_.push_back(&listener); }

  // Posts the bump; `done` runs once every listener has dropped what it knew. Call it right after COMMIT (for example
  // from an after-commit hook), so that it does not depend on a handler that may have given up.
  void bump_user(UserId user, std::move_only_function<void()> done = [] {}) const;
  void bump_conversation(ConversationId conversation, std::move_only_function<void()> done = [] {}) const;

 private:
  std::vector<PermissionListener*> listeners_;
};

}  // namespace hongyan::wire
