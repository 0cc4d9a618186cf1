// What the files of RocksDatabase share.
#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "infra/kv/rocks_database.h"
#include "infra/log/log.h"

namespace hongyan::kv {

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

inline rocksdb::Slice slice_of(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

inline Error error_of(const rocksdb::Status& status, std::string_view what) {
  std::string detail = std::string(what) + ": " + status.ToString();
  if (status.IsNoSpace() || status.subcode() == rocksdb::Status::kNoSpace) {
    return Error::later(ErrorCode::unavailable, 1000, std::move(detail));
  }
  return Error(ErrorCode::internal, std::move(detail));
}

}  // namespace hongyan::kv
