#include "infra/async/scope.h"

#include <exception>
#include <utility>

#include "base/assert.h"
#include "infra/log/log.h"

namespace hongyan::async {
namespace {

void report_escape(const std::exception_ptr& escaped) {
  try {
    std::rethrow_exception(escaped);
  } catch (const std::exception& error) {
    log::error("coroutine_failed", {{"what", error.what()}});
  }
}

}  // namespace

Scope::~Scope() {
  // A coroutine that outlives its scope would touch freed memory; ten seconds is longer than any deadline in the system.
  HY_CHECK(close(std::chrono::seconds(10)));
}

bool Scope::spawn(Loop& loop, Task<void> task) {
  if (!enter()) return false;
  async::spawn(loop, std::move(task), [this](const std::exception_ptr& escaped) {
    if (escaped) report_escape(escaped);
    leave();
  });
  return true;
}

bool Scope::enter() {
  if ((state_.fetch_add(kOne) & kClosing) == 0) return true;
  leave();
  return false;
}

void Scope::leave() {
  if (state_.fetch_sub(kOne) != (kOne | kClosing)) return;
  // Notified under the lock: the waiter may destroy this scope as soon as it can take it.
  const std::lock_guard lock(mutex_);
  all_ended_ = true;
  ended_.notify_all();
}

bool Scope::close(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  // Whoever closes first and finds nobody is told by nobody. Later it is the last to leave who says so, also to who comes
  // when that one has been counted but has not come to the lock.
  if (state_.fetch_or(kClosing) == 0) all_ended_ = true;
  return ended_.wait_for(lock, patience, [this] { return all_ended_; });
}

std::size_t Scope::running() const { return static_cast<std::size_t>(state_.load() / kOne); }

}  // namespace hongyan::async
