#include "infra/kv/rocks_database.h"

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <algorithm>

#include "base/assert.h"
#include "base/numbers.h"
#include "infra/kv/rocks_handle.h"
#include "infra/kv/rocks_options.h"
#include "infra/log/log.h"

namespace hongyan::kv {
namespace {

// Key of the layout's number in the default family.
constexpr std::string_view kFormatKey = "format";

// What an operator can do about a database that does not open.
std::string advice(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  if (status.IsCorruption())
    return " (the files are damaged beyond a torn tail: restore a backup; nothing was changed)";
  if (text.find("lock") != std::string::npos) return " (another process uses this data folder)";
  if (text.find("olumn famil") != std::string::npos) return " (the data folder was written by a newer version)";
  return "";
}

std::string_view view_of(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

rocksdb::WriteOptions synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

Error closed() { return Error::later(ErrorCode::unavailable, 1000, "the store is closed"); }

}  // namespace

RocksDatabase::RocksDatabase(RocksOptions options)
    : options_(std::move(options)), cache_(block_cache(options_.block_cache_bytes)) {}

RocksDatabase::~RocksDatabase() = default;

Result<std::unique_ptr<RocksDatabase>> RocksDatabase::open(RocksOptions options) {
  std::error_code failed;
  std::filesystem::create_directories(options.folder, failed);
  if (failed) return fail(ErrorCode::internal, "cannot create " + options.folder.string() + ": " + failed.message());
  std::unique_ptr<RocksDatabase> database(new RocksDatabase(std::move(options)));
  HY_TRY(database->open_handle());
  return database;
}

Result<void> RocksDatabase::open_handle() {
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, family_options({}, options_, cache_));
  for (const FamilySpec& spec : options_.families) {
    descriptors.emplace_back(spec.name, family_options(spec, options_, cache_));
  }
  auto handle = std::make_unique<Handle>();
  rocksdb::DB* db = nullptr;
  const auto status =
      rocksdb::DB::Open(database_options(options_), options_.folder.string(), descriptors, &handle->families, &db);
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
  rocksdb::DBOptions options = database_options({.folder = folder, .families = {}});
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
  const auto number = status.ok() ? number_from<std::uint32_t>(stored) : std::optional<std::uint32_t>(0);
  if (!number) return fail(ErrorCode::internal, "the data folder's format is not a number");
  if (*number > options_.format) {
    return fail(ErrorCode::internal, "the data folder has format " + stored + ", this version knows only up to " +
                                         std::to_string(options_.format) + ": it was written by a newer version");
  }
  if (*number == options_.format) return {};
  const auto written = handle_->db->Put(synced(), family, key, std::to_string(options_.format));
  if (!written.ok()) return fail(error_of(written, "writing the format"));
  return {};
}

Result<void> RocksDatabase::usable() const {
  if (broken_) return fail(Error::later(ErrorCode::unavailable, 1000, "the store waits to be re-opened"));
  return {};
}

Result<std::optional<std::string>> RocksDatabase::get(Family family, std::string_view key) const {
  HY_TRY(usable());
  const std::shared_lock lock(mutex_);
  if (!handle_) return fail(closed());
  std::string value;
  const auto status = handle_->db->Get({}, handle_->of(family), slice_of(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return fail(error_of(status, "read"));
  return value;
}

Result<std::vector<std::optional<std::string>>> RocksDatabase::multi_get(Family family,
                                                                         std::span<const std::string> keys) const {
  // Preparing for many costs more than one look.
  if (keys.size() == 1) {
    HY_TRY(auto value, get(family, keys.front()));
    return std::vector{std::move(value)};
  }
  HY_TRY(usable());
  const std::shared_lock lock(mutex_);
  if (!handle_) return fail(closed());
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

std::size_t RocksDatabase::about(Family family) const {
  const std::shared_lock lock(mutex_);
  std::uint64_t keys = 0;
  if (!handle_ || !handle_->db->GetIntProperty(handle_->of(family), rocksdb::DB::Properties::kEstimateNumKeys, &keys)) {
    return 0;
  }
  return keys;
}

Result<void> RocksDatabase::each_key(Family family, const std::function<bool(std::string_view key)>& visit) const {
  HY_TRY(usable());
  const std::shared_lock lock(mutex_);
  if (!handle_) return fail(closed());
  rocksdb::ReadOptions read;
  read.total_order_seek = true;
  read.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> it(handle_->db->NewIterator(read, handle_->of(family)));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    if (!visit(view_of(it->key()))) return {};
  }
  if (!it->status().ok()) return fail(error_of(it->status(), "read"));
  return {};
}

Result<void> RocksDatabase::scan(Family family, const KeyRange& range, const Visit& visit) const {
  HY_TRY(usable());
  const std::shared_lock lock(mutex_);
  if (!handle_) return fail(closed());
  rocksdb::ReadOptions read;
  read.prefix_same_as_start = !range.many_prefixes;
  read.total_order_seek = range.many_prefixes;
  read.fill_cache = !range.once;
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

Result<void> RocksDatabase::commit(WriteBatch batch) {
  HY_TRY(usable());
  const std::shared_lock lock(mutex_);
  if (!handle_) return fail(closed());
  rocksdb::WriteBatch writes;
  WriteReader reader(batch.bytes());
  while (const auto write = reader.next()) HY_TRY(add(*write, writes));
  HY_CHECK(!reader.damaged());
  const auto status = handle_->db->Write(synced(), &writes);
  if (status.ok()) return {};
  broken_ = true;
  return fail(error_of(status, "commit"));
}

// The caller holds the mutex.
Result<void> RocksDatabase::add(const Write& write, rocksdb::WriteBatch& writes) {
  rocksdb::ColumnFamilyHandle* family = handle_->of(write.family);
  rocksdb::Status status;
  switch (write.kind) {
    case Write::Kind::put: status = writes.Put(family, slice_of(write.key), slice_of(write.value)); break;
    case Write::Kind::erase: status = writes.Delete(family, slice_of(write.key)); break;
    case Write::Kind::erase_below: {
      // Whole files go at once; the marker covers what is left.
      const rocksdb::Slice end = slice_of(write.key);
      status = rocksdb::DeleteFilesInRange(handle_->db.get(), family, nullptr, &end, false);
      if (!status.ok()) return fail(error_of(status, "dropping files"));
      status = writes.DeleteRange(family, rocksdb::Slice(), end);
      break;
    }
  }
  HY_CHECK(status.ok());
  return {};
}

Result<void> RocksDatabase::note(std::string_view name, std::uint64_t number) {
  HY_TRY(usable());
  const std::shared_lock lock(mutex_);
  if (!handle_) return fail(closed());
  const auto status = handle_->db->Put(synced(), handle_->families.front(), slice_of(name), std::to_string(number));
  if (!status.ok()) return fail(error_of(status, "noting " + std::string(name)));
  return {};
}

Result<std::uint64_t> RocksDatabase::noted(std::string_view name) const {
  HY_TRY(usable());
  const std::shared_lock lock(mutex_);
  if (!handle_) return fail(closed());
  std::string stored;
  const auto status = handle_->db->Get({}, handle_->families.front(), slice_of(name), &stored);
  if (status.IsNotFound()) return 0;
  if (!status.ok()) return fail(error_of(status, "reading " + std::string(name)));
  const auto number = number_from<std::uint64_t>(stored);
  if (!number) return fail(ErrorCode::internal, std::string(name) + " is not a number");
  return *number;
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
