// A key-value store on RocksDB: synced writes, honest failures, re-opening.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "infra/kv/database.h"

namespace rocksdb {
class Cache;
class WriteBatch;
}  // namespace rocksdb

namespace hongyan::kv {

class LiveTable;

struct RocksOptions {
  // Created when it does not exist.
  std::filesystem::path folder;
  std::vector<FamilySpec> families;
  // Number of the layout of keys and values. A folder with a higher one is refused: it was written by a newer version.
  std::uint32_t format = 1;
  std::size_t block_cache_bytes = 64 << 20;
  std::size_t write_buffer_bytes = 16 << 20;
};

// Owns the folder: a second process that opens it is refused. Failures as in Database. RocksDB's own resuming is switched
// off, because it would go on from memory that the disk may not agree with.
class RocksDatabase final : public Database {
 public:
  // Opens or creates. A torn tail of the log (a crash in the middle of a write) is cut off; any other corruption refuses,
  // with a text for the operator in the error's detail.
  static Result<std::unique_ptr<RocksDatabase>> open(RocksOptions options);
  ~RocksDatabase() override;

  Result<std::optional<std::string>> get(Family family, std::string_view key) const override;
  Result<std::vector<std::optional<std::string>>> multi_get(Family family,
                                                            std::span<const std::string> keys) const override;
  Result<void> scan(Family family, const KeyRange& range, const Visit& visit) const override;
  Result<void> commit(WriteBatch batch) override;
  Result<void> reopen() override;

  // Takes in everything the table holds, as files that are sorted already, all or nothing; durable when it returns. A repeat
  // is harmless. For a database in which nothing else commits.
  Result<void> ingest(const LiveTable& table);

  // How many keys the family has, roughly; 0 when that is not known.
  std::size_t about(Family family) const;
  // All keys of the family, until `visit` answers false. Nothing of what is read is kept in memory.
  Result<void> each_key(Family family, const std::function<bool(std::string_view key)>& visit) const;

  // Keeps a number under a name, beside the families; durable when it returns.
  Result<void> note(std::string_view name, std::uint64_t number);
  // The number under the name, 0 when there is none.
  Result<std::uint64_t> noted(std::string_view name) const;

  // Whether the database in `folder` would open. Reads only; nobody else may have it open.
  static Result<void> probe(const std::filesystem::path& folder);

 private:
  struct Handle;

  explicit RocksDatabase(RocksOptions options);
  Result<void> open_handle();
  Result<void> check_format();
  Result<void> usable() const;
  Result<void> add(const Write& write, rocksdb::WriteBatch& writes);
  Result<void> erase_floors(const LiveTable& table);

  const RocksOptions options_;
  const std::shared_ptr<rocksdb::Cache> cache_;
  // Shared by calls, exclusive while re-opening.
  mutable std::shared_mutex mutex_;
  std::unique_ptr<Handle> handle_;
  // Set by a failed commit. Checked before the mutex is taken, so that a stream of readers cannot hold reopen() off.
  std::atomic<bool> broken_{false};
};

}  // namespace hongyan::kv
