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
  const std::lock_guard lock(mutex_);
  if (closing_) return false;
  ++running_;
  return true;
}

void Scope::leave() {
  // Notified under the lock: the waiter may destroy this scope as soon as it can take it.
  const std::lock_guard lock(mutex_);
  --running_;
  ended_.notify_all();
}

bool Scope::close(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  closing_ = true;
  return ended_.wait_for(lock, patience, [this] { return running_ == 0; });
}

std::size_t Scope::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

}  // namespace hongyan::async
