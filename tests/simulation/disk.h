// What outlives a server: its databases.
#pragma once

#include <filesystem>

#include "base/testing/temporary_folder.h"
#include "domain/message/testing/fakes.h"
#include "domain/message/testing/memory_store.h"

namespace hongyan::simulation {

// The stores of one schedule: messages in memory, with faults on demand, and the relational database in a file. Owned by the
// world.
struct Disk {
  // Starts with a copy of `empty`, a database that has all its tables.
  explicit Disk(const std::filesystem::path& empty) { std::filesystem::copy_file(empty, file()); }

  std::filesystem::path file() const { return folder / "hongyan.db"; }

  const TemporaryFolder folder;
  message::testing::MemoryStore messages;
  MemoryCeiling ids;
};

// Makes such a database in a folder of its own.
class EmptyDatabase {
 public:
  EmptyDatabase();
  std::filesystem::path file() const { return folder_ / "empty.db"; }

 private:
  const TemporaryFolder folder_;
};

}  // namespace hongyan::simulation
