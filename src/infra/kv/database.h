// The port of an embedded, durable key-value store.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "infra/kv/write_batch.h"

namespace hongyan::kv {

// One column family.
struct FamilySpec {
  std::string name;
  // All keys that are scanned together share this many leading bytes; 0 for families that are only looked up.
  std::size_t prefix_bytes = 0;
  // All keys are one ordered sequence, which is scanned and erased from below.
  bool sequence = false;
  // Of a family that is only looked up: most keys that are asked for are not there. Worth some memory to know which.
  bool mostly_absent = false;
};

// Keys [from, to], both included.
struct KeyRange {
  std::string from;
  std::string to;
  bool descending = false;
  // The ends do not share the family's prefix. Slower: every file is looked into.
  bool many_prefixes = false;
  // Nobody will read it again soon: it is not kept in memory in place of what somebody will.
  bool once = false;
};

// Called for each key of a scan until it answers false.
using Visit = std::function<bool(std::string_view key, std::string_view value)>;

// Owned by one store. All methods are thread-safe; reopen() waits for the calls that run and holds new ones off.
//
// Failures: `unavailable` for what may pass by itself (no space left, the database waits to be re-opened), `internal` for
// what will not (I/O error, corruption). A failed commit may or may not have reached the disk: every call after it is
// refused until reopen() has read the truth from the disk.
class Database {
 public:
  virtual ~Database() = default;

  // The value of the key, nothing when there is none.
  virtual Result<std::optional<std::string>> get(Family family, std::string_view key) const = 0;

  // The value of each key, in order.
  virtual Result<std::vector<std::optional<std::string>>> multi_get(Family family,
                                                                    std::span<const std::string> keys) const = 0;

  // Visits the range in order until `visit` answers false. Both ends must share the family's prefix unless the range says
  // otherwise.
  virtual Result<void> scan(Family family, const KeyRange& range, const Visit& visit) const = 0;

  // Applies the batch in its order, all or nothing; on success it survives a kill and a power cut. Seen by reads only then.
  virtual Result<void> commit(WriteBatch batch) = 0;

  // Closes and opens again. A repeat is harmless.
  virtual Result<void> reopen() = 0;
};

}  // namespace hongyan::kv
