// The folder that holds everything the process keeps, and the lock that says whose it is.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id_generator.h"
#include "base/registry.h"
#include "base/result.h"

namespace hongyan::config {

// An exclusively locked data folder (0700). Provided to the registry by app, which knows the path. Owned by the process from start to end; the lock goes with it, also on
// kill -9. Main thread only, but path() from any.
class DataFolder final : public hongyan::Module {
 public:
  // Creates the folder when it is missing and takes the lock. Throws std::runtime_error when another process has it or
  // the folder cannot be written.
  explicit DataFolder(std::filesystem::path path);
  ~DataFolder() override;
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_fd_ = -1;
};

// Replaces `path` with `content` so that after a crash it holds the old or the new content, whole: write beside it,
// fsync, rename, fsync the folder. The file's mode is 0600. Blocks.
Result<void> write_file_durably(const std::filesystem::path& path, std::string_view content);

// The whole file; not_found when there is none.
Result<std::string> read_file(const std::filesystem::path& path);

// Its first line without the end: a secret that an operator has put there. The same errors.
Result<std::string> read_first_line(const std::filesystem::path& path);

// The same of a file that the configuration names; empty where it names none. Throws std::runtime_error where it cannot be read:
// for start-up.
std::string secret_in(const std::string& file);

// The id generator's ceiling in DATA/id-ceiling. Called under the generator's lock.
class FileCeiling final : public IdCeiling {
 public:
  explicit FileCeiling(const std::filesystem::path& data_folder) : path_(data_folder / "id-ceiling") {}
  Result<TimeMs> load() override;
  Result<void> store(TimeMs ceiling) override;

 private:
  const std::filesystem::path path_;
};

}  // namespace hongyan::config
