// Takes those out of all tables whose time to change their mind is over.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <vector>

#include "base/clock.h"
#include "domain/account/access/session_ender.h"
#include "domain/account/api.h"
#include "domain/account/deletion/config.h"
#include "domain/account/deletion/store.h"
#include "infra/async/periodic.h"

namespace hongyan::account {

// Nothing of an account's end is kept in memory: what was begun and not finished, by a crash or a failure, is done again from
// its beginning at the next turn. Thread-safe, but for add(). Owned by Module; its collaborators must outlive it.
class DeletionWorker final : public Deletions {
 public:
  // Accounts of one turn.
  static constexpr std::size_t kAtOnce = 100;

  DeletionWorker(DeletionStore& store, SessionEnder& ender, const Clock& clock, const DeletionConfig& config,
                 boost::asio::any_io_executor executor)
      : store_(store), ender_(ender), clock_(clock), config_(config), turns_(std::move(executor), [this] {
          return turn();
        }) {}

  void add(DeletionStep& step) override { steps_.push_back(&step); }

  // The first turn is now: what an earlier run has left over is done at once.
  void start() { turns_.start(std::chrono::milliseconds(0)); }
  // Begins nothing more and waits for what is under way. Blocks. A repeat does nothing.
  void stop() noexcept;

  // Does what is due; resolves with the pause until the next turn.
  async::Task<std::chrono::milliseconds> turn();

 private:
  async::Task<Result<void>> scrub(UserId user);
  async::Task<Result<void>> forget(UserId user);
  std::chrono::milliseconds pause() const;

  DeletionStore& store_;
  SessionEnder& ender_;
  const Clock& clock_;
  const DeletionConfig config_;
  std::vector<DeletionStep*> steps_;
  std::atomic<bool> stopping_{false};
  async::Periodic turns_;
};

}  // namespace hongyan::account
