// Which keys a RocksDatabase does not have, of the families of which most that are asked for are not there.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "infra/kv/database.h"
#include "infra/kv/key_filter.h"
#include "infra/kv/live_table.h"
#include "infra/kv/rocks_database.h"

namespace hongyan::kv {

// Knows of no key until the thread `learn` has read those that were there at the start. Thread-safe, but learn() and stop(),
// during which nobody else may call. Owned by a LoggedDatabase.
class AbsentKeys {
 public:
  // A family takes at most `max_bytes`; with more keys than fit nothing is known of it. `families` must outlive it.
  AbsentKeys(std::span<const FamilySpec> families, std::size_t max_bytes);

  // Begins to read the keys of the database, at the lowest priority, unless that was done. The database must be there until
  // stop().
  void learn(const RocksDatabase& database);
  // Ends reading; what is not known then is read from the start by the next learn(). A repeat does nothing.
  void stop();

  // The database is about to have what is in the table.
  void add(const LiveTable& table);

  // For each key: true when the database does not have it. Empty when nothing is known of the family.
  std::vector<bool> which(Family family, std::span<const std::string> keys) const;

 private:
  Result<void> read_all(const RocksDatabase& database, const std::stop_token& stop);

  const std::span<const FamilySpec> families_;
  const std::size_t max_bytes_;
  // By family: the keys that are there or about to be; null for families that are not mostly absent.
  std::vector<std::unique_ptr<KeyFilter>> there_;
  // Those are all of them.
  std::atomic<bool> complete_{false};
  std::jthread learner_;
};

}  // namespace hongyan::kv
