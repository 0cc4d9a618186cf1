// A file of the log: written at known places, made durable, and closed when it goes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hongyan::wal {

// Owned by the log; one thread at a time. Errors of every method: `unavailable` when there is no space left, else `internal`.
class File {
 public:
  // Opens for reading and writing; creates it when it is not there.
  static Result<File> open(const std::filesystem::path& path);
  ~File();
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;

  // Takes space, so that writing up to there changes no size and finds no full disk. Reads as zeros until written. Does
  // nothing where the file system cannot.
  Result<void> reserve(std::size_t bytes);
  // Writes the parts one after the other from `at` on.
  Result<void> write(std::size_t at, std::span<const std::string_view> parts);
  // Everything written survives a power cut.
  Result<void> sync();
  // Cuts off what lies behind.
  Result<void> cut(std::size_t bytes);
  Result<std::string> read_all();

 private:
  explicit File(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

// The file has the other name, in place of one that has it already; durable with the folder.
Result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to);

// Makes the names in a folder durable: of files that were created in it.
Result<void> sync_folder(const std::filesystem::path& folder);

}  // namespace hongyan::wal
