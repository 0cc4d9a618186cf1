#include "infra/kv/rocks_database.h"

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/statistics.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdarg>
#include <cstdio>

#include "base/assert.h"
#include "infra/log/log.h"

namespace hongyan::kv {
namespace {

// Key of the layout's number in the default family.
constexpr std::string_view kFormatKey = "format";

Error error_of(const rocksdb::Status& status, std::string_view what) {
  std::string detail = std::string(what) + ": " + status.ToString();
  if (status.IsNoSpace() || status.subcode() == rocksdb::Status::kNoSpace) {
    return Error::later(ErrorCode::unavailable, 1000, std::move(detail));
  }
  return Error(ErrorCode::internal, std::move(detail));
}

// What an operator can do about a database that does not open.
std::string advice(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  if (status.IsCorruption())
    return " (the files are damaged beyond a torn tail: restore a backup; nothing was changed)";
  if (text.find("lock") != std::string::npos) return " (another process uses this data folder)";
  if (text.find("olumn famil") != std::string::npos) return " (the data folder was written by a newer version)";
  return "";
}

// Hands RocksDB's warnings to the process's log. Its own log file is not used: it fails together with the disk, and the
// library asserts when it goes on writing to a file that failed once. Thread-safe.
class WarningLogger final : public rocksdb::Logger {
 public:
  WarningLogger() : Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    char line[512];
    std::vsnprintf(line, sizeof line, format, arguments);
    std::string_view text(line);
    while (text.ends_with('\n')) text.remove_suffix(1);
    log::warn("rocksdb", {{"text", text}});
  }
  // Called for the header lines, which are too many and say nothing an operator needs.
  void LogHeader(const char*, va_list) override {}
};

bool supports(rocksdb::CompressionType type) {
  const auto all = rocksdb::GetSupportedCompressions();
  return std::ranges::find(all, type) != all.end();
}

rocksdb::DBOptions database_options(const RocksOptions& options, std::shared_ptr<rocksdb::Statistics> statistics) {
  rocksdb::DBOptions db;
  db.create_if_missing = true;
  db.create_missing_column_families = true;
  db.paranoid_checks = true;
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.track_and_verify_wals_in_manifest = true;
  // Never go on by itself after a failed write.
  db.max_bgerror_resume_count = 0;
  // Recycled logs end at the first bad record whatever its cause, which would hide real corruption.
  db.recycle_log_file_num = 0;
  db.max_background_jobs = 2;
  db.max_open_files = 512;
  // Small families must not pin old logs forever.
  db.max_total_wal_size = std::max<std::uint64_t>(64 << 20, options.write_buffer_bytes * 4);
  db.bytes_per_sync = 1 << 20;
  db.info_log = std::make_shared<WarningLogger>();
  db.stats_dump_period_sec = 0;
  db.statistics = std::move(statistics);
  return db;
}

rocksdb::ColumnFamilyOptions family_options(const FamilySpec& spec, const RocksOptions& options,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = options.write_buffer_bytes;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  family.level_compaction_dynamic_level_bytes = true;
  if (spec.prefix_bytes > 0) family.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(spec.prefix_bytes));
  family.compression = supports(rocksdb::kLZ4Compression) ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  if (supports(rocksdb::kZSTD)) family.bottommost_compression = rocksdb::kZSTD;
  return family;
}

std::string_view view_of(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace

// What is closed and opened by reopen().
struct RocksDatabase::Handle {
  std::unique_ptr<rocksdb::DB> db;
  // The default family, then those of the options.
  std::vector<rocksdb::ColumnFamilyHandle*> families;

  rocksdb::ColumnFamilyHandle* of(Family family) const { return families.at(static_cast<std::size_t>(family) + 1); }

  ~Handle() {
    if (!db) return;
    for (rocksdb::ColumnFamilyHandle* family : families) db->DestroyColumnFamilyHandle(family);
    // Everything is in the log already; a failure here loses nothing.
    if (const auto status = db->Close(); !status.ok()) log::warn("store_close_failed", {{"status", status.ToString()}});
  }
};

// Counters of the database; they outlive re-opening.
struct RocksDatabase::Instruments {
  metrics::Counter& commits;
  metrics::Counter& failures;
  metrics::Counter& fsyncs;
  metrics::Histogram& seconds;
  std::shared_ptr<rocksdb::Statistics> statistics = rocksdb::CreateDBStatistics();
  std::shared_ptr<rocksdb::Cache> cache = nullptr;
  std::atomic<std::uint64_t> counted_fsyncs{0};

  // Commits may run side by side: each hands on what RocksDB has counted since the last one looked.
  void count_fsyncs() {
    const std::uint64_t now = statistics->getTickerCount(rocksdb::WAL_FILE_SYNCED);
    std::uint64_t before = counted_fsyncs.load();
    while (before < now) {
      if (counted_fsyncs.compare_exchange_weak(before, now)) return fsyncs.Increment(static_cast<double>(now - before));
    }
  }
};

RocksDatabase::RocksDatabase(RocksOptions options, metrics::Metrics& metrics)
    : options_(std::move(options)),
      instruments_(new Instruments{
          metrics.counter("hongyan_store_commits_total", "Durable commits of the message store."),
          metrics.counter("hongyan_store_commit_failures_total", "Commits of the message store with unknown outcome."),
          metrics.counter("hongyan_store_fsyncs_total", "Syncs of the message store's log."),
          metrics.histogram("hongyan_store_commit_seconds", "Time of one durable commit.",
                            metrics::latency_buckets())}) {
  instruments_->statistics->set_stats_level(rocksdb::StatsLevel::kExceptHistogramOrTimers);
  instruments_->cache = rocksdb::NewLRUCache(options_.block_cache_bytes);
}

RocksDatabase::~RocksDatabase() = default;

Result<std::unique_ptr<RocksDatabase>> RocksDatabase::open(RocksOptions options, metrics::Metrics& metrics) {
  std::error_code failed;
  std::filesystem::create_directories(options.folder, failed);
  if (failed) return fail(ErrorCode::internal, "cannot create " + options.folder.string() + ": " + failed.message());
  std::unique_ptr<RocksDatabase> database(new RocksDatabase(std::move(options), metrics));
  HY_TRY(database->open_handle());
  return database;
}

Result<void> RocksDatabase::open_handle() {
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, family_options({}, options_, instruments_->cache));
  for (const FamilySpec& spec : options_.families) {
    descriptors.emplace_back(spec.name, family_options(spec, options_, instruments_->cache));
  }
  auto handle = std::make_unique<Handle>();
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::Open(database_options(options_, instruments_->statistics), options_.folder.string(),
                                        descriptors, &handle->families, &db);
  if (!status.ok()) {
    Error error = error_of(status, "cannot open " + options_.folder.string());
    error.detail += advice(status);
    return fail(std::move(error));
  }
  handle->db.reset(db);
  handle_ = std::move(handle);
  if (auto format = check_format(); !format) {
    handle_.reset();
    return format;
  }
  return {};
}

Result<void> RocksDatabase::probe(const std::filesystem::path& folder) {
  rocksdb::DBOptions options = database_options({.folder = folder, .families = {}}, nullptr);
  options.create_if_missing = false;
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::OpenForReadOnly(rocksdb::Options(options, {}), folder.string(), &db);
  const std::unique_ptr<rocksdb::DB> opened(db);
  if (status.ok()) return {};
  Error error = error_of(status, "cannot open");
  error.detail += advice(status);
  return fail(std::move(error));
}

Result<void> RocksDatabase::check_format() {
  rocksdb::ColumnFamilyHandle* family = handle_->families.front();
  std::string stored;
  const rocksdb::Slice key(kFormatKey.data(), kFormatKey.size());
  const auto status = handle_->db->Get({}, family, key, &stored);
  if (!status.ok() && !status.IsNotFound()) return fail(error_of(status, "reading the format"));
  std::uint32_t number = 0;
  if (status.ok()) {
    const auto parsed = std::from_chars(stored.data(), stored.data() + stored.size(), number);
    if (parsed.ec != std::errc{}) return fail(ErrorCode::internal, "the data folder's format is not a number");
  }
  if (number > options_.format) {
    return fail(ErrorCode::internal, "the data folder has format " + stored + ", this version knows only up to " +
                                         std::to_string(options_.format) + ": it was written by a newer version");
  }
  if (number == options_.format) return {};
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const auto written = handle_->db->Put(synced, family, key, std::to_string(options_.format));
  if (!written.ok()) return fail(error_of(written, "writing the format"));
  return {};
}

Result<void> RocksDatabase::usable() const {
  if (broken_) return fail(Error::later(ErrorCode::unavailable, 1000, "the store waits to be re-opened"));
  return {};
}

Result<std::optional<std::string>> RocksDatabase::get(Family family, std::string_view key) const {
  const std::string owned(key);
  HY_TRY(auto values, multi_get(family, std::span(&owned, 1)));
  return std::move(values.front());
}

Result<std::vector<std::optional<std::string>>> RocksDatabase::multi_get(Family family,
                                                                         std::span<const std::string> keys) const {
  HY_TRY(usable());
  const std::shared_lock lock(mutex_);
  if (!handle_) return fail(Error::later(ErrorCode::unavailable, 1000, "the store is closed"));
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  handle_->db->MultiGet({}, handle_->of(family), keys.size(), slices.data(), values.data(), statuses.data());
  std::vector<std::optional<std::string>> found(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].ok()) {
      found[i] = values[i].ToString();
    } else if (!statuses[i].IsNotFound()) {
      return fail(error_of(statuses[i], "read"));
    }
  }
  return found;
}

Result<void> RocksDatabase::scan(Family family, const KeyRange& range,
                                 const std::function<bool(std::string_view, std::string_view)>& visit) const {
  HY_TRY(usable());
  const std::shared_lock lock(mutex_);
  if (!handle_) return fail(Error::later(ErrorCode::unavailable, 1000, "the store is closed"));
  rocksdb::ReadOptions read;
  read.prefix_same_as_start = !range.many_prefixes;
  read.total_order_seek = range.many_prefixes;
  const std::unique_ptr<rocksdb::Iterator> it(handle_->db->NewIterator(read, handle_->of(family)));
  if (range.descending) {
    for (it->SeekForPrev(range.to); it->Valid() && view_of(it->key()) >= range.from; it->Prev()) {
      if (!visit(view_of(it->key()), view_of(it->value()))) return {};
    }
  } else {
    for (it->Seek(range.from); it->Valid() && view_of(it->key()) <= range.to; it->Next()) {
      if (!visit(view_of(it->key()), view_of(it->value()))) return {};
    }
  }
  if (!it->status().ok()) return fail(error_of(it->status(), "scan"));
  return {};
}

Result<void> RocksDatabase::commit(std::span<const Put> puts, std::span<const Erase> erases) {
  HY_TRY(usable());
  const std::shared_lock lock(mutex_);
  if (!handle_) return fail(Error::later(ErrorCode::unavailable, 1000, "the store is closed"));
  rocksdb::WriteBatch batch;
  for (const Put& put : puts) {
    const auto status = batch.Put(handle_->of(put.family), put.key, put.value);
    HY_CHECK(status.ok());
  }
  for (const Erase& erase : erases) {
    const auto status = batch.Delete(handle_->of(erase.family), erase.key);
    HY_CHECK(status.ok());
  }
  return write(batch);
}

Result<void> RocksDatabase::erase_below(Family family, std::string_view key) {
  HY_TRY(usable());
  const std::shared_lock lock(mutex_);
  if (!handle_) return fail(Error::later(ErrorCode::unavailable, 1000, "the store is closed"));
  const rocksdb::Slice begin;
  const rocksdb::Slice end(key.data(), key.size());
  // Whole files go at once; the marker below covers what is left.
  const auto dropped = rocksdb::DeleteFilesInRange(handle_->db.get(), handle_->of(family), nullptr, &end, false);
  if (!dropped.ok()) return fail(error_of(dropped, "dropping files"));
  rocksdb::WriteBatch batch;
  const auto status = batch.DeleteRange(handle_->of(family), begin, end);
  HY_CHECK(status.ok());
  return write(batch);
}

// The caller holds the mutex.
Result<void> RocksDatabase::write(rocksdb::WriteBatch& batch) {
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const auto begin = std::chrono::steady_clock::now();
  const auto status = handle_->db->Write(synced, &batch);
  instruments_->seconds.Observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  instruments_->count_fsyncs();
  if (!status.ok()) {
    broken_ = true;
    instruments_->failures.Increment();
    return fail(error_of(status, "commit"));
  }
  instruments_->commits.Increment();
  return {};
}

Result<void> RocksDatabase::reopen() {
  broken_ = true;
  const std::unique_lock lock(mutex_);
  handle_.reset();
  HY_TRY(open_handle());
  broken_ = false;
  return {};
}

}  // namespace hongyan::kv
