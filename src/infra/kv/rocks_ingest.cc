#include <rocksdb/sst_file_writer.h>

#include <memory>
#include <mutex>

#include "infra/kv/live_table.h"
#include "infra/kv/rocks_handle.h"

namespace hongyan::kv {
namespace {

// Where files lie until RocksDB has taken them over.
std::filesystem::path incoming(const std::filesystem::path& folder) { return folder / "incoming"; }

Result<void> write_file(const std::string& path, const std::vector<Cell>& cells, rocksdb::Options options,
                        rocksdb::ColumnFamilyHandle* family) {
  // The file is merged soon: what is worth while for what stays is not for it.
  options.bottommost_compression = rocksdb::kDisableCompressionOption;
  options.compression = rocksdb::kNoCompression;
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(options), options, family);
  auto status = writer.Open(path);
  visit_each(cells, [&](const Cell& cell) {
    if (!status.ok()) return;
    status =
        cell.erased() ? writer.Delete(slice_of(cell.key())) : writer.Put(slice_of(cell.key()), slice_of(cell.value()));
  });
  if (status.ok()) status = writer.Finish();
  if (!status.ok()) return fail(error_of(status, "writing " + path));
  return {};
}

}  // namespace

Result<void> RocksDatabase::ingest(const LiveTable& table) {
  HY_TRY(usable());
  HY_TRY(erase_floors(table));
  const std::shared_lock lock(mutex_);
  const auto folder = incoming(options_.folder);
  std::error_code failed;
  std::filesystem::remove_all(folder, failed);
  std::filesystem::create_directory(folder, failed);
  if (failed) return fail(ErrorCode::internal, "cannot create " + folder.string() + ": " + failed.message());
  std::vector<rocksdb::IngestExternalFileArg> files;
  for (std::size_t i = 0; i < options_.families.size(); ++i) {
    const std::vector<Cell> cells = table.sorted(Family{i});
    if (cells.empty()) continue;
    rocksdb::ColumnFamilyHandle* family = handle_->of(Family{i});
    const std::string path = folder / (options_.families[i].name + ".sst");
    HY_TRY(write_file(path, cells, handle_->db->GetOptions(family), family));
    rocksdb::IngestExternalFileArg& file = files.emplace_back();
    file.column_family = family;
    file.external_files = {path};
    file.options.move_files = true;
    file.options.write_global_seqno = false;
  }
  if (files.empty()) return {};
  const auto status = handle_->db->IngestExternalFiles(files);
  if (!status.ok()) return fail(error_of(status, "taking files in"));
  return {};
}

Result<void> RocksDatabase::erase_floors(const LiveTable& table) {
  WriteBatch floors;
  for (std::size_t i = 0; i < options_.families.size(); ++i) {
    const std::string_view floor = table.floor(Family{i});
    if (!floor.empty()) floors.erase_below(Family{i}, floor);
  }
  return floors.empty() ? Result<void>() : commit(std::move(floors));
}

}  // namespace hongyan::kv
