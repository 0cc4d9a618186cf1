#include "domain/account/deletion/worker.h"

#include <algorithm>

#include "infra/log/log.h"

namespace hongyan::account {
namespace {

using namespace std::chrono_literals;

// Of one part of the work.
constexpr std::chrono::milliseconds kPartPatience = 10s;
// Between two looks for what is due.
constexpr std::chrono::milliseconds kShortestPause = 50ms;
constexpr std::chrono::milliseconds kLongestPause = 60s;

}  // namespace

void DeletionWorker::stop() noexcept {
  stopping_ = true;
  turns_.stop(kPartPatience);
}

// Where the time to undo is short, nobody waits for long when it is over.
std::chrono::milliseconds DeletionWorker::pause() const {
  return std::clamp(config_.undo / 4, kShortestPause, kLongestPause);
}

async::Task<std::chrono::milliseconds> DeletionWorker::turn() {
  const TimeMs now = clock_.now();
  const auto due = co_await store_.due(now, kAtOnce, async::deadline_in(kPartPatience));
  if (!due) {
    log::warn("deletions_not_read", {{"detail", due.error().detail}});
    co_return pause();
  }
  std::chrono::milliseconds next = pause();
  for (const DueDeletion& one : *due) {
    if (stopping_) break;
    const TimeMs settled(one.scrubbed.value_or(now).value + config_.settle.count());
    const bool forgets = one.scrubbed && settled <= now;
    const auto done = forgets ? co_await forget(one.user) : one.scrubbed ? Result<void>() : co_await scrub(one.user);
    if (!done) log::warn("deletion_not_done", {{"user", one.user}, {"detail", done.error().detail}});
    if (done && !forgets)
      next = std::min(next, std::chrono::milliseconds(std::max(settled.value - now.value, std::int64_t{1})));
  }
  co_return next;
}

// From here on there is no way back: whoever undid it before was first.
async::Task<Result<void>> DeletionWorker::scrub(UserId user) {
  const async::Deadline deadline = async::deadline_in(kPartPatience);
  auto after_commit = [this, user] { ender_.disabled(user, [] {}); };
  co_return co_await store_.scrub(user, clock_.now(), std::move(after_commit), deadline);
}

// What the slices keep, in their order, then what the account's own devices would follow, and last that anything is left to do.
async::Task<Result<void>> DeletionWorker::forget(UserId user) {
  for (DeletionStep* step : steps_) {
    for (bool done = false; !done;) {
      if (stopping_) co_return fail(ErrorCode::unavailable, "stopping");
      HY_CO_TRY(done, co_await step->forget(user, async::deadline_in(kPartPatience)));
    }
  }
  for (bool done = false; !done;) {
    HY_CO_TRY(done, co_await store_.drop_events(user, async::deadline_in(kPartPatience)));
  }
  HY_CO_TRY(co_await store_.overwrite(async::deadline_in(kPartPatience)));
  HY_CO_TRY(co_await store_.finish(user, async::deadline_in(kPartPatience)));
  log::info("account_deleted", {{"user", user}});
  co_return Result<void>();
}

}  // namespace hongyan::account
