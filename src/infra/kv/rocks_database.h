// An embedded, durable key-value store on RocksDB: synced writes, honest failures, re-opening.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "infra/metrics/metrics.h"

namespace rocksdb {
class WriteBatch;
}

namespace hongyan::kv {

// One column family.
struct FamilySpec {
  std::string name;
  // All keys that are scanned together share this many leading bytes; 0 for families that are only looked up.
  std::size_t prefix_bytes = 0;
};

struct RocksOptions {
  // Created when it does not exist.
  std::filesystem::path folder;
  std::vector<FamilySpec> families;
  // Number of the layout of keys and values. A folder with a higher one is refused: it was written by a newer version.
  std::uint32_t format = 1;
  std::size_t block_cache_bytes = 64 << 20;
  std::size_t write_buffer_bytes = 16 << 20;
};

// Index into RocksOptions::families.
enum class Family : std::size_t {};

// One key to set.
struct Put {
  Family family;
  std::string key;
  std::string value;
};

// One key to remove; it need not be there.
struct Erase {
  Family family;
  std::string key;
};

// Keys [from, to], both included.
struct KeyRange {
  std::string from;
  std::string to;
  bool descending = false;
  // The ends do not share the family's prefix. Slower: every file is looked into.
  bool many_prefixes = false;
};

// Owns the folder: a second process that opens it is refused. Owned by one store. All methods are thread-safe; reopen()
// waits for the calls that run and holds new ones off.
//
// Failures: `unavailable` for what may pass by itself (no space left, the database waits to be re-opened), `internal` for
// what will not (I/O error, corruption). A failed commit may or may not have reached the disk. RocksDB's own resuming is
// switched off, because it would go on from memory that the disk may not agree with: every call after a failed commit is
// refused until reopen() has read the truth from the disk.
class RocksDatabase {
 public:
  // Opens or creates. A torn tail of the log (a crash in the middle of a write) is cut off; any other corruption refuses,
  // with a text for the operator in the error's detail.
  static Result<std::unique_ptr<RocksDatabase>> open(RocksOptions options, metrics::Metrics& metrics);
  ~RocksDatabase();
  RocksDatabase(const RocksDatabase&) = delete;
  RocksDatabase& operator=(const RocksDatabase&) = delete;

  // The value of the key, nothing when there is none.
  Result<std::optional<std::string>> get(Family family, std::string_view key) const;

  // The value of each key, in order.
  Result<std::vector<std::optional<std::string>>> multi_get(Family family, std::span<const std::string> keys) const;

  // Visits the range in order until `visit` answers false. Both ends must share the family's prefix unless the range says
  // otherwise.
  Result<void> scan(Family family, const KeyRange& range,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit) const;

  // Writes and then removes, all or nothing; on success it survives a kill and a power cut.
  Result<void> commit(std::span<const Put> puts, std::span<const Erase> erases = {});

  // Removes every key below `key`, cheaply however many those are; durable when it returns.
  Result<void> erase_below(Family family, std::string_view key);

  // Whether the database in `folder` would open. Reads only; nobody else may have it open.
  static Result<void> probe(const std::filesystem::path& folder);

  // Closes and opens again. A repeat is harmless.
  Result<void> reopen();

 private:
  struct Handle;
  struct Instruments;

  RocksDatabase(RocksOptions options, metrics::Metrics& metrics);
  Result<void> open_handle();
  Result<void> check_format();
  Result<void> usable() const;
  Result<void> write(rocksdb::WriteBatch& batch);

  const RocksOptions options_;
  std::unique_ptr<Instruments> instruments_;
  // Shared by calls, exclusive while re-opening.
  mutable std::shared_mutex mutex_;
  std::unique_ptr<Handle> handle_;
  // Set by a failed commit. Checked before the mutex is taken, so that a stream of readers cannot hold reopen() off.
  std::atomic<bool> broken_{false};
};

}  // namespace hongyan::kv
