#include "domain/message/sequencing/guard_loader.h"

namespace hongyan::message::sequencing {

void GuardLoader::load(UserPlace place, std::move_only_function<void(Result<conversation::SendGuard>)> done) {
  // Shared, because it must be called also when the coroutine never starts.
  auto shared = std::make_shared<Done>(std::move(done));
  if (!scope_.spawn(executor_, run(place, shared))) (*shared)(fail(ErrorCode::unavailable, "shutting down"));
}

async::Task<void> GuardLoader::run(UserPlace place, std::shared_ptr<Done> done) {
  (*done)(co_await conversations_.send_guard(place.conversation, place.user, async::deadline_in(timeout_)));
}

}  // namespace hongyan::message::sequencing
