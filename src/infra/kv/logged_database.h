// A database whose commits go to a log first: one append and one sync, and the database behind it follows by itself.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "infra/kv/absent_keys.h"
#include "infra/kv/database.h"
#include "infra/kv/live_table.h"
#include "infra/kv/overlay.h"
#include "infra/kv/rocks_database.h"
#include "infra/metrics/metrics.h"
#include "infra/wal/log.h"

namespace hongyan::kv {

struct LoggedOptions {
  // The database behind the log; the log lies in its folder, under `log`.
  RocksOptions rocks;
  // Of the log. What is in a segment is also in memory until it was moved.
  std::size_t segment_bytes = 64 << 20;
  // Full segments that may wait to be moved; then commits wait too, at most `patience`.
  std::size_t max_sealed = 4;
  std::chrono::milliseconds patience{5000};
  // Memory for the keys of a family that are mostly absent: enough for 40 to 50 million. RocksDB is asked for more than that.
  std::size_t filter_bytes = 96 << 20;
};

// A commit is durable once its record is in the log; then it is applied to the newest of a few tables in memory. Full segments
// are sealed, and one after the other moved into RocksDB as sorted files, on the thread `move`; only then their part of the log
// is dropped. Reads look into the tables, the newest first, and then into RocksDB, but for keys of which a filter knows that
// they are not there; the thread `learn` fills it when the database was opened. Commits that come while another one is
// being written share the next record and its sync. Thread-safe. Failures as in Database; those of moving are tried again for
// as long as they may pass, while commits go on as long as there is room.
class LoggedDatabase final : public Database {
 public:
  // Opens or creates. Errors: those of RocksDatabase::open and wal::Log::open.
  static Result<std::unique_ptr<LoggedDatabase>> open(LoggedOptions options, metrics::Metrics& metrics);
  // Stops moving; what was not moved stays in the log.
  ~LoggedDatabase() override;

  Result<std::optional<std::string>> get(Family family, std::string_view key) const override;
  Result<std::vector<std::optional<std::string>>> multi_get(Family family,
                                                            std::span<const std::string> keys) const override;
  Result<void> scan(Family family, const KeyRange& range, const Visit& visit) const override;
  Result<void> commit(WriteBatch batch) override;
  Result<void> reopen() override;

  // Whether the database in `folder` would open. Reads only; nobody else may have it open.
  static Result<void> probe(const std::filesystem::path& folder);

  // Moves everything into RocksDB; for tests and for tools that are about to close. Errors: those of the last try.
  Result<void> settle();

 private:
  // A table with the last record of its segment.
  struct Sealed {
    std::shared_ptr<const LiveTable> table;
    wal::RecordNo last = 0;
  };
  // A batch that waits to be written.
  struct Waiting {
    std::shared_ptr<const std::string> bytes;
    std::optional<Result<void>> result = std::nullopt;
  };
  struct Instruments;

  LoggedDatabase(LoggedOptions options, metrics::Metrics& metrics);
  Result<void> open_log();
  Result<void> replay(const std::vector<wal::OldSegment>& segments);
  Result<void> usable() const;
  LiveTables tables_now() const;

  Result<void> write(std::span<Waiting* const> group);
  Result<void> seal();
  Result<void> append(std::span<Waiting* const> group);

  void move_until_stopped();
  Result<void> move_one(const Sealed& sealed);
  void prepare_next(const LiveTable& pattern);
  void stop_threads();

  const LoggedOptions options_;
  std::unique_ptr<Instruments> instruments_;

  // Shared by calls, exclusive while re-opening.
  mutable std::shared_mutex open_mutex_;
  std::atomic<bool> broken_{false};
  std::unique_ptr<RocksDatabase> rocks_;
  AbsentKeys absent_;
  // Used by whoever writes.
  std::unique_ptr<wal::Log> log_;

  // The queue of commits: the first becomes the one who writes for all.
  std::mutex commit_mutex_;
  std::condition_variable written_;
  std::vector<Waiting*> waiting_;
  bool writing_ = false;

  // The tables: the newest, which grows, and full ones, the oldest first.
  mutable std::mutex tables_mutex_;
  std::condition_variable sealed_changed_;
  std::shared_ptr<LiveTable> live_;
  // Follows it, when it is there already.
  std::shared_ptr<LiveTable> spare_;
  std::deque<Sealed> sealed_;
  bool stopping_ = false;
  // Of the last try to move; success when none has failed since.
  Result<void> moved_;
  std::thread mover_;
};

}  // namespace hongyan::kv
