#include "infra/kv/logged_database.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "infra/async/io_threads.h"
#include "infra/kv/overlay.h"
#include "infra/log/log.h"

namespace hongyan::kv {
namespace {

// What is noted of the log in RocksDB.
constexpr std::string_view kDropped = "log_dropped";
constexpr std::string_view kNewest = "log_newest";

constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{5000};
// Tries to move that fail for a reason that will not pass, before commits are told.
constexpr int kMaxFailures = 3;

std::filesystem::path log_folder(const std::filesystem::path& folder) { return folder / "log"; }

}  // namespace

struct LoggedDatabase::Instruments {
  metrics::Counter& commits;
  metrics::Counter& failures;
  metrics::Counter& fsyncs;
  metrics::Histogram& seconds;
  metrics::Counter& moved;
  metrics::Counter& known_absent;
};

LoggedDatabase::LoggedDatabase(LoggedOptions options, metrics::Metrics& metrics)
    : options_(std::move(options)),
      instruments_(new Instruments{
          metrics.counter("hongyan_store_commits_total", "Durable commits of the message store."),
          metrics.counter("hongyan_store_commit_failures_total", "Commits of the message store with unknown outcome."),
          metrics.counter("hongyan_store_fsyncs_total", "Syncs of the message store's log."),
          metrics.histogram("hongyan_store_commit_seconds", "Time of one durable commit.", metrics::latency_buckets()),
          metrics.counter("hongyan_store_segments_moved_total", "Segments of the log moved into RocksDB."),
          metrics.counter("hongyan_store_known_absent_total",
                          "Keys that needed no look because they were never there."),
      }),
      absent_(options_.rocks.families, options_.filter_bytes) {}

LoggedDatabase::~LoggedDatabase() { stop_threads(); }

Result<std::unique_ptr<LoggedDatabase>> LoggedDatabase::open(LoggedOptions options, metrics::Metrics& metrics) {
  std::unique_ptr<LoggedDatabase> database(new LoggedDatabase(std::move(options), metrics));
  HY_TRY(database->rocks_, RocksDatabase::open(database->options_.rocks));
  HY_TRY(database->open_log());
  return database;
}

Result<void> LoggedDatabase::probe(const std::filesystem::path& folder) {
  HY_TRY(RocksDatabase::probe(folder));
  return wal::Log::probe(log_folder(folder));
}

// Everything in the log becomes full tables in front of a new segment.
Result<void> LoggedDatabase::open_log() {
  wal::LogMarks marks;
  HY_TRY(marks.dropped, rocks_->noted(kDropped));
  HY_TRY(marks.newest, rocks_->noted(kNewest));
  std::vector<wal::OldSegment> segments;
  HY_TRY(log_, wal::Log::open({.folder = log_folder(options_.rocks.folder), .segment_bytes = options_.segment_bytes},
                              marks, segments));
  HY_TRY(replay(segments));
  HY_TRY(rocks_->note(kNewest, log_->segment_first()));
  moved_ = {};
  stopping_ = false;
  // Before anything is moved: what is must not be missed.
  absent_.learn(*rocks_);
  mover_ = std::thread([this] {
    async::name_this_thread("move");
    async::put_this_thread_last();
    move_until_stopped();
  });
  return {};
}

Result<void> LoggedDatabase::replay(const std::vector<wal::OldSegment>& segments) {
  const std::lock_guard lock(tables_mutex_);
  sealed_.clear();
  for (const wal::OldSegment& segment : segments) {
    auto table = std::make_shared<LiveTable>(options_.rocks.families);
    for (const std::string_view payload : segment.payloads) {
      if (!table->apply(segment.bytes, payload)) {
        return fail(ErrorCode::internal, "the log holds changes that this version does not know");
      }
    }
    sealed_.push_back({std::move(table), segment.first + segment.payloads.size() - 1});
  }
  live_ = std::make_shared<LiveTable>(options_.rocks.families);
  spare_.reset();
  return {};
}

Result<void> LoggedDatabase::usable() const {
  if (broken_) return fail(Error::later(ErrorCode::unavailable, 1000, "the store waits to be re-opened"));
  return {};
}

// The caller holds the mutex of the tables.
LiveTables LoggedDatabase::tables_now() const {
  LiveTables tables{live_};
  for (auto sealed = sealed_.rbegin(); sealed != sealed_.rend(); ++sealed) tables.push_back(sealed->table);
  return tables;
}

Result<std::optional<std::string>> LoggedDatabase::get(Family family, std::string_view key) const {
  const std::string owned(key);
  HY_TRY(auto values, multi_get(family, std::span(&owned, 1)));
  return std::move(values.front());
}

Result<std::vector<std::optional<std::string>>> LoggedDatabase::multi_get(Family family,
                                                                          std::span<const std::string> keys) const {
  HY_TRY(usable());
  const std::shared_lock open(open_mutex_);
  std::vector<std::optional<Cell>> cells(keys.size());
  LiveTables tables;
  {
    const std::lock_guard lock(tables_mutex_);
    tables = tables_now();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      for (auto table = tables.begin(); !cells[i] && table != tables.end(); ++table) {
        cells[i] = (*table)->find(family, keys[i]);
      }
    }
  }
  // After the tables were looked into: what is moved meanwhile is known to be there before it leaves them.
  const std::vector<bool> known_absent = absent_.which(family, keys);
  std::vector<std::optional<std::string>> values(keys.size());
  std::vector<std::size_t> places;
  std::size_t absent = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (cells[i]) {
      if (!cells[i]->erased()) values[i] = cells[i]->value();
    } else if (!known_absent.empty() && known_absent[i]) {
      ++absent;
    } else {
      places.push_back(i);
    }
  }
  if (absent > 0) instruments_->known_absent.Increment(static_cast<double>(absent));
  if (places.empty()) return values;
  if (places.size() == keys.size()) return rocks_->multi_get(family, keys);
  std::vector<std::string> below;
  below.reserve(places.size());
  for (const std::size_t place : places) below.push_back(keys[place]);
  HY_TRY(auto found, rocks_->multi_get(family, below));
  for (std::size_t i = 0; i < places.size(); ++i) values[places[i]] = std::move(found[i]);
  return values;
}

Result<void> LoggedDatabase::scan(Family family, const KeyRange& range, const Visit& visit) const {
  HY_TRY(usable());
  const std::shared_lock open(open_mutex_);
  LiveTables tables;
  {
    const std::lock_guard lock(tables_mutex_);
    tables = tables_now();
  }
  Overlay overlay(std::move(tables), tables_mutex_, family, range);
  bool going = true;
  const auto take = [&](const Cell& cell) {
    overlay.pop();
    going = cell.erased() || visit(cell.key(), cell.value());
  };
  HY_TRY(rocks_->scan(family, range, [&](std::string_view key, std::string_view value) {
    auto next = overlay.peek();
    while (next && (range.descending ? next->key() > key : next->key() < key)) {
      take(*next);
      if (!going) return false;
      next = overlay.peek();
    }
    if (next && next->key() == key) {
      take(*next);
    } else if (key >= overlay.floor()) {
      going = visit(key, value);
    }
    return going;
  }));
  for (auto next = overlay.peek(); going && next; next = overlay.peek()) take(*next);
  return {};
}

Result<void> LoggedDatabase::commit(WriteBatch batch) {
  HY_TRY(usable());
  std::string bytes = std::move(batch).take();
  // They stay in memory until they are moved.
  bytes.shrink_to_fit();
  Waiting mine{std::make_shared<const std::string>(std::move(bytes))};
  std::unique_lock lock(commit_mutex_);
  waiting_.push_back(&mine);
  written_.wait(lock, [&] { return mine.result || !writing_; });
  if (mine.result) return *std::move(mine.result);
  writing_ = true;
  const std::vector<Waiting*> group = std::exchange(waiting_, {});
  lock.unlock();
  const Result<void> result = write(group);
  lock.lock();
  writing_ = false;
  for (Waiting* one : group) one->result = result;
  written_.notify_all();
  return result;
}

Result<void> LoggedDatabase::write(std::span<Waiting* const> group) {
  const std::shared_lock open(open_mutex_);
  HY_TRY(usable());
  const auto begin = std::chrono::steady_clock::now();
  auto result = log_->full() ? seal() : Result<void>();
  if (result) result = append(group);
  instruments_->seconds.Observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  if (!result) {
    broken_ = true;
    instruments_->failures.Increment();
    return result;
  }
  instruments_->commits.Increment(static_cast<double>(group.size()));
  return {};
}

Result<void> LoggedDatabase::append(std::span<Waiting* const> group) {
  std::vector<std::string_view> parts;
  for (const Waiting* one : group) parts.emplace_back(*one->bytes);
  instruments_->fsyncs.Increment();
  HY_TRY(log_->append(parts));
  const std::lock_guard lock(tables_mutex_);
  for (const Waiting* one : group) {
    const bool whole = live_->apply(one->bytes, *one->bytes);
    HY_CHECK(whole);
  }
  return {};
}

// The newest table is full: another one begins.
Result<void> LoggedDatabase::seal() {
  {
    std::unique_lock lock(tables_mutex_);
    const bool room =
        sealed_changed_.wait_for(lock, options_.patience, [this] { return sealed_.size() < options_.max_sealed; });
    if (!room) {
      return fail(
          Error::later(ErrorCode::unavailable, 1000,
                       "the log is full and cannot be moved: " + (moved_ ? "too slow" : moved_.error().detail)));
    }
  }
  const wal::RecordNo last = log_->next() - 1;
  HY_TRY(log_->roll());
  const std::lock_guard lock(tables_mutex_);
  if (!spare_) spare_ = std::make_shared<LiveTable>(options_.rocks.families);
  sealed_.push_back({.table = std::exchange(live_, std::exchange(spare_, nullptr)), .last = last});
  sealed_changed_.notify_all();
  return {};
}

void LoggedDatabase::move_until_stopped() {
  auto pause = kFirstPause;
  int failures = 0;
  std::unique_lock lock(tables_mutex_);
  while (true) {
    sealed_changed_.wait(lock, [this] { return stopping_ || !sealed_.empty(); });
    if (stopping_) return;
    Sealed oldest = sealed_.front();
    lock.unlock();
    auto result = move_one(oldest);
    lock.lock();
    moved_ = result;
    if (result) {
      sealed_.pop_front();
      instruments_->moved.Increment();
      pause = kFirstPause;
      failures = 0;
      // It may be the last to hold the table, which takes a while to go.
      lock.unlock();
      oldest = {};
      lock.lock();
    } else {
      if (result.error().code != ErrorCode::unavailable && ++failures >= kMaxFailures) broken_ = true;
      log::error("log_move_failed", {{"reason", result.error().detail}, {"next_ms", pause.count()}});
      sealed_changed_.wait_for(lock, pause, [this] { return stopping_; });
      pause = std::min(pause * 2, kLongestPause);
    }
    sealed_changed_.notify_all();
  }
}

Result<void> LoggedDatabase::move_one(const Sealed& sealed) {
  const std::shared_lock open(open_mutex_);
  prepare_next(*sealed.table);
  absent_.add(*sealed.table);
  HY_TRY(rocks_->note(kNewest, sealed.last + 1));
  if (auto result = rocks_->ingest(*sealed.table); !result) {
    // It goes on from what is on the disk, or not at all.
    if (auto again = rocks_->reopen(); !again) log::error("store_reopen_failed", {{"reason", again.error().detail}});
    return result;
  }
  HY_TRY(rocks_->note(kDropped, sealed.last));
  if (auto dropped = log_->drop(sealed.last); !dropped) {
    log::warn("log_drop_failed", {{"reason", dropped.error().detail}});
  }
  return {};
}

// What the next seal() needs, so that no commit waits for it. Without it that takes longer, and says what fails.
void LoggedDatabase::prepare_next(const LiveTable& pattern) {
  (void)log_->prepare();
  {
    // Prepared already, when moving is tried again.
    const std::lock_guard lock(tables_mutex_);
    if (spare_) return;
  }
  auto table = std::make_shared<LiveTable>(options_.rocks.families);
  table->reserve_like(pattern);
  const std::lock_guard lock(tables_mutex_);
  if (!spare_) spare_ = std::move(table);
}

void LoggedDatabase::stop_threads() {
  {
    const std::lock_guard lock(tables_mutex_);
    stopping_ = true;
  }
  sealed_changed_.notify_all();
  if (mover_.joinable()) mover_.join();
  absent_.stop();
}

Result<void> LoggedDatabase::reopen() {
  broken_ = true;
  stop_threads();
  const std::unique_lock open(open_mutex_);
  log_.reset();
  HY_TRY(rocks_->reopen());
  HY_TRY(open_log());
  broken_ = false;
  return {};
}

Result<void> LoggedDatabase::settle() {
  {
    std::unique_lock lock(commit_mutex_);
    written_.wait(lock, [this] { return !writing_; });
    const std::shared_lock open(open_mutex_);
    HY_TRY(usable());
    HY_TRY(seal());
  }
  std::unique_lock lock(tables_mutex_);
  sealed_changed_.wait(lock, [this] { return sealed_.empty() || !moved_; });
  return moved_;
}

}  // namespace hongyan::kv
