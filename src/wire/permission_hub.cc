#include "wire/permission_hub.h"

#include <atomic>

namespace hongyan::wire {
namespace {

// Calls `done` when it has been passed `count` times.
std::function<void()> countdown(std::size_t count, std::move_only_function<void()> done) {
  struct State {
    std::atomic<std::size_t> left;
    std::move_only_function<void()> done;
  };
  auto state = std::make_shared<State>(count, std::move(done));
  return [state] {
    if (state->left.fetch_sub(1) == 1) state->done();
  };
}

}  // namespace

void PermissionHub::bump_user(UserId user, std::move_only_function<void()> done) const {
  if (listeners_.empty()) return done();
  const auto one_done = countdown(listeners_.size(), std::move(done));
  for (PermissionListener* listener : listeners_) listener->drop_user(user, one_done);
}

void PermissionHub::bump_conversation(ConversationId conversation, std::move_only_function<void()> done) const {
  if (listeners_.empty()) return done();
  const auto one_done = countdown(listeners_.size(), std::move(done));
  for (PermissionListener* listener : listeners_) listener->drop_conversation(conversation, one_done);
}

}  // namespace hongyan::wire
