#include "domain/message/sequencing/guard_loader.h"

#include "domain/message/await_answer.h"

namespace hongyan::message::sequencing {

void GuardLoader::load(UserPlace place, std::move_only_function<void(Result<conversation::SendGuard>)> done) {
  // Shared, because it must be called also when the coroutine never starts.
  auto shared = std::make_shared<Done>(std::move(done));
  if (!scope_.spawn(executor_, run(place, shared))) (*shared)(fail(ErrorCode::unavailable, "shutting down"));
}

async::Task<void> GuardLoader::run(UserPlace place, std::shared_ptr<Done> done) {
  (*done)(co_await guard_of(place, async::deadline_in(timeout_)));
}

async::Task<Result<conversation::SendGuard>> GuardLoader::guard_of(UserPlace place, async::Deadline deadline) {
  HY_CO_TRY(auto guard, co_await conversations_.send_guard(place.conversation, place.user, deadline));
  if (!guard.lines_waiting) co_return guard;
  auto begin = [this, place](std::move_only_function<void(Result<bool>)> answer) {
    drain_(place.conversation, [answer = std::move(answer)](bool drained) mutable { answer(drained); });
  };
  HY_CO_TRY(const bool drained, co_await await_answer<bool>(deadline, std::move(begin)));
  if (!drained) co_return fail(ErrorCode::unavailable, "lines of the conversation still wait");
  co_return guard;
}

}  // namespace hongyan::message::sequencing
