#include "domain/message/sequencing/reopener.h"

#include <algorithm>

#include "base/assert.h"
#include "infra/async/io_threads.h"
#include "infra/log/log.h"

namespace hongyan::message::sequencing {

Reopener::Reopener(MessageStore& store, RecoveryOptions options, Reopened reopened)
    : store_(store), options_(options), reopened_(std::move(reopened)), thread_([this] {
        async::name_this_thread("reopen");
        run();
      }) {}

Reopener::~Reopener() { stop(); }

void Reopener::reopen(Error failed) {
  count(failed);
  {
    const std::lock_guard lock(mutex_);
    HY_CHECK(!wanted_);
    wanted_ = true;
  }
  changed_.notify_one();
}

void Reopener::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Reopener::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || wanted_; });
    if (stopping_) return;
    wanted_ = false;
    lock.unlock();
    run_reopen();
    lock.lock();
  }
}

void Reopener::run_reopen() {
  auto length = options_.first_pause;
  while (true) {
    if (failures_ >= options_.max_failures) return reopened_(fail(ErrorCode::internal, "the store keeps failing"));
    Result<void> result = store_.reopen();
    if (result) return reopened_({});
    log::error("store_reopen_failed", {{"reason", result.error().detail}, {"next_ms", length.count()}});
    count(result.error());
    if (!pause(length)) return;
    length = std::min(length * 2, options_.longest_pause);
  }
}

void Reopener::count(const Error& error) {
  if (error.code != ErrorCode::unavailable) ++failures_;
}

bool Reopener::pause(std::chrono::milliseconds length) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, length, [this] { return stopping_; });
}

}  // namespace hongyan::message::sequencing
