// The files of exports.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/account/exports/store.h"

namespace hongyan::account {

// DATA/exports, one file of JSON Lines for each export, which nobody else may read. Thread-safe. Blocks. Errors beside those
// named: unavailable when the disk is full or failing.
class ExportFiles {
 public:
  // A part that is read has about this many bytes.
  static constexpr std::int64_t kPartBytes = std::int64_t{256} << 10;

  explicit ExportFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // An empty one, also where something was.
  Result<void> create(ExportId id) const;
  // Puts whole lines behind what is there.
  Result<void> append(ExportId id, std::string_view lines) const;
  // On the disk when it returns.
  Result<void> sync(ExportId id) const;
  // Whole lines from here on. Errors: invalid_argument where no line begins, range_not_satisfiable behind the end, not_found when
  // there is no such file.
  Result<std::string> read(ExportId id, std::int64_t offset) const;
  // Of every file there is.
  Result<std::vector<ExportId>> all() const;
  // A repeat changes nothing.
  Result<void> remove(ExportId id) const;

 private:
  std::filesystem::path file(ExportId id) const;

  const std::filesystem::path folder_;
};

}  // namespace hongyan::account
