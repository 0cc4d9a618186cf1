// Writes the exports that people have asked for.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "domain/account/api.h"
#include "domain/account/exports/config.h"
#include "domain/account/exports/files.h"
#include "domain/account/exports/store.h"
#include "infra/async/blocking_pool.h"
#include "infra/async/periodic.h"

namespace hongyan::account {

// One at a time, part by part: nothing of a user is ever in memory as a whole. What was being written when the process ended is
// written again from its beginning. Thread-safe, but for add(). Owned by Module; its collaborators must outlive it.
class ExportWorker final : public Exports, public DeletionStep {
 public:
  // Files are written on `pool`.
  ExportWorker(ExportStore& store, const ExportFiles& files, async::BlockingPool& pool, const Clock& clock,
               const ExportConfig& config, boost::asio::any_io_executor executor)
      : store_(store),
        files_(files),
        pool_(pool),
        clock_(clock),
        keep_(config.keep),
        turns_(std::move(executor), [this] { return turn(); }) {}

  void add(ExportSource& source) override { sources_.push_back(&source); }

  void start() { turns_.start(std::chrono::milliseconds(0)); }
  // Begins nothing more and waits for the part under way. Blocks. A repeat does nothing.
  void stop() noexcept;
  // Somebody has asked for one.
  void wake() { asked_ = true; }

  // Those of whose account nothing stays, with their files.
  async::Task<Result<bool>> forget(UserId user, async::Deadline deadline) override;

  // Writes what was asked for and drops what is over; resolves with the pause until the next turn.
  async::Task<std::chrono::milliseconds> turn();

 private:
  async::Task<Result<void>> write(Export one);
  async::Task<Result<bool>> write_source(ExportSource& source, Export& one);
  async::Task<void> write_or_give_up(Export one);
  async::Task<Result<void>> remove_strays();
  async::Task<Result<void>> remove_files(std::vector<Export> exports, async::Deadline deadline);

  ExportStore& store_;
  const ExportFiles& files_;
  async::BlockingPool& pool_;
  const Clock& clock_;
  const std::chrono::milliseconds keep_;
  std::vector<ExportSource*> sources_;
  // At first: what an earlier run has left.
  std::atomic<bool> asked_{true};
  std::atomic<bool> stopping_{false};
  // Of the turns alone: how often each has failed, whether files of nobody were looked for, and when those that
  // are over were.
  std::map<ExportId, int> failures_;
  bool strays_removed_ = false;
  TimeMs swept_;
  async::Periodic turns_;
};

}  // namespace hongyan::account
