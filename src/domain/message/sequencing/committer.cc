#include "domain/message/sequencing/committer.h"

#include <algorithm>

#include "base/assert.h"
#include "infra/async/io_threads.h"
#include "infra/log/log.h"

namespace hongyan::message::sequencing {

Committer::Committer(MessageStore& store, RecoveryOptions options, Callbacks callbacks)
    : store_(store), options_(options), callbacks_(std::move(callbacks)), thread_([this] {
        async::name_this_thread("commit");
        run();
      }) {}

Committer::~Committer() { stop(); }

void Committer::commit(std::shared_ptr<const CommitBatch> batch) {
  {
    const std::lock_guard lock(mutex_);
    HY_CHECK(batch_ == nullptr && !reopen_);
    batch_ = std::move(batch);
  }
  changed_.notify_one();
}

void Committer::reopen(Error failed) {
  {
    const std::lock_guard lock(mutex_);
    HY_CHECK(batch_ == nullptr && !reopen_);
    reopen_ = true;
    count(failed);
  }
  changed_.notify_one();
}

void Committer::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Committer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || batch_ != nullptr || reopen_; });
    if (batch_ != nullptr) {
      // Taken out before the callback, which may hand over the next one.
      const auto batch = std::exchange(batch_, nullptr);
      lock.unlock();
      run_commit(*batch);
    } else if (reopen_ && !stopping_) {
      reopen_ = false;
      lock.unlock();
      run_reopen();
    } else {
      return;
    }
    lock.lock();
  }
}

void Committer::run_commit(const CommitBatch& batch) {
  Result<void> result = store_.commit(batch);
  if (result) {
    const std::lock_guard lock(mutex_);
    failures_ = 0;
  }
  callbacks_.committed(std::move(result));
}

void Committer::run_reopen() {
  auto length = options_.first_pause;
  while (true) {
    int failures = 0;
    {
      const std::lock_guard lock(mutex_);
      failures = failures_;
    }
    if (failures >= options_.max_failures)
      return callbacks_.reopened(fail(ErrorCode::internal, "the store keeps failing"));
    Result<void> result = store_.reopen();
    if (result) return callbacks_.reopened({});
    log::error("store_reopen_failed", {{"reason", result.error().detail}, {"next_ms", length.count()}});
    {
      const std::lock_guard lock(mutex_);
      count(result.error());
    }
    if (!pause(length)) return;
    length = std::min(length * 2, options_.longest_pause);
  }
}

void Committer::count(const Error& error) {
  if (error.code != ErrorCode::unavailable) ++failures_;
}

bool Committer::pause(std::chrono::milliseconds length) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, length, [this] { return stopping_; });
}

}  // namespace hongyan::message::sequencing
