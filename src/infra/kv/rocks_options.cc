#include "infra/kv/rocks_options.h"

#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <bit>
#include <cstdarg>
#include <cstdio>
#include <string_view>

#include "infra/async/io_threads.h"
#include "infra/log/log.h"

namespace hongyan::kv {
namespace {

// Files of one family that come in before they are merged with what is there. Each merge writes all of it again, and each
// file that waits is one more to look into.
constexpr int kFilesToMerge = 8;
// Files that wait, at which writing becomes slower and at which it stops. Only what the mover notes is written, so that it
// waits then, and the commits behind it: merging has fallen behind by about a minute of all that two processors can take.
constexpr int kFilesToSlowDown = 64;
constexpr int kFilesToStop = 128;

// What is compressed and read at a time: half of it is a page of history.
constexpr std::size_t kBlock = 16 << 10;
// What is read at a time of what is merged.
constexpr std::size_t kMergeRead = 1 << 20;

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

// Merging goes on behind what somebody waits for. Called on the thread that merges, which belongs to the library.
class MergeLast final : public rocksdb::EventListener {
 public:
  void OnCompactionBegin(rocksdb::DB*, const rocksdb::CompactionJobInfo&) override { async::put_this_thread_last(); }
};

bool supports(rocksdb::CompressionType type) {
  const auto all = rocksdb::GetSupportedCompressions();
  return std::ranges::find(all, type) != all.end();
}

rocksdb::BlockBasedTableOptions table_options(const FamilySpec& spec, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = kBlock;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  // The index of a large file in parts of which the cache keeps those that are used. Not the filters: together with prefixes and
  // going back, filters in parts have lost keys more than once (facebook/rocksdb#5907, #8137, #12872).
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  // What is scanned has one entry for all keys that are scanned together instead of one a key.
  table.whole_key_filtering = spec.prefix_bytes == 0;
  return table;
}

}  // namespace

rocksdb::DBOptions database_options(const RocksOptions& options) {
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
  db.compaction_readahead_size = kMergeRead;
  db.listeners = {std::make_shared<MergeLast>()};
  db.max_open_files = 512;
  // The manifest knows no such id of files that were taken in, and warns of each.
  db.verify_sst_unique_id_in_manifest = false;
  // Small families must not pin old logs forever.
  db.max_total_wal_size = std::max<std::uint64_t>(64 << 20, options.write_buffer_bytes * 4);
  db.bytes_per_sync = 1 << 20;
  db.info_log = std::make_shared<WarningLogger>();
  db.stats_dump_period_sec = 0;
  return db;
}

rocksdb::ColumnFamilyOptions family_options(const FamilySpec& spec, const RocksOptions& options,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = options.write_buffer_bytes;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(spec, cache)));
  family.level_compaction_dynamic_level_bytes = true;
  family.level0_file_num_compaction_trigger = kFilesToMerge;
  family.level0_slowdown_writes_trigger = kFilesToSlowDown;
  family.level0_stop_writes_trigger = kFilesToStop;
  if (spec.prefix_bytes > 0) family.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(spec.prefix_bytes));
  family.compression = supports(rocksdb::kLZ4Compression) ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  // Names that are mostly absent are random: more work makes them no smaller.
  if (supports(rocksdb::kZSTD) && !spec.mostly_absent) family.bottommost_compression = rocksdb::kZSTD;
  return family;
}

// A block that does not fit in its part of the cache, and the filter of a large file is one, is read from the disk each time.
std::shared_ptr<rocksdb::Cache> block_cache(std::size_t bytes) {
  constexpr std::size_t kPart = 16 << 20;
  constexpr int kMostBits = 6;
  const int bits = std::clamp(static_cast<int>(std::bit_width(bytes / kPart)) - 1, 0, kMostBits);
  return rocksdb::NewLRUCache(bytes, bits);
}

}  // namespace hongyan::kv
