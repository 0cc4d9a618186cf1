// Who has sockets in this process, and who has just gone.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "domain/presence/types.h"

namespace hongyan::presence {

// Thread-safe. Owned by the service.
class Attendance {
 public:
  // Departures that may wait to be written; of those beyond it only the stored time is known.
  static constexpr std::size_t kMaxDepartures = 100'000;

  // One more socket of the user; who is back has not departed.
  void came(UserId user);
  // One less. True when it was the last: the departure is noted, to be written.
  bool went(UserId user, TimeMs now);

  // Whether the user has a socket.
  bool is_here(UserId user) const;
  // Everybody who has.
  std::vector<UserId> users() const;

  // When the user has gone, if that is not written yet.
  std::optional<TimeMs> departure(UserId user) const;
  // At most so many that are not written yet, of those who went by then.
  std::vector<LastSeen> departures(TimeMs by, std::size_t limit) const;
  // They are; one that has come and gone again since is not.
  void written(const std::vector<LastSeen>& departures);

 private:
  mutable std::mutex mutex_;
  std::unordered_map<UserId, std::size_t> sockets_;
  std::unordered_map<UserId, TimeMs> departed_;
};

}  // namespace hongyan::presence
