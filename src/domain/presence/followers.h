// Which sockets follow whom, and what they were told.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "domain/presence/types.h"

namespace hongyan::presence {

// What one socket has to be told: how these people stand now.
struct Notice {
  Attendee follower;
  std::vector<UserId> people;
  // When it was last looked at whether the follower may know of them.
  TimeMs checked;
};

// Thread-safe. Owned by the service.
class Followers {
 public:
  // A socket that may follow people. Once for each.
  void add(Attendee follower);
  // It follows nobody any more. A repeat does nothing.
  void remove(SessionId session);

  // Replaces the people whom the socket follows; `people` is how it is told that they stand. Nothing for a socket that is gone.
  void follow(SessionId session, const std::vector<Standing>& people, TimeMs now);
  // The same without a word of how they stand: of those it follows, these remain.
  void retain(SessionId session, std::vector<UserId> people, TimeMs now);
  // Whom the socket follows.
  std::vector<UserId> followed_by(SessionId session) const;

  // Everybody who is followed.
  std::vector<UserId> followed() const;
  // Takes how each stands now; answers who has to hear of it.
  std::vector<Notice> note(std::span<const UserId> people, const std::vector<bool>& online);
  // These could not be told: the next note() names them again.
  void owe(std::span<const UserId> people);

 private:
  struct Follower {
    UserId user;
    std::vector<UserId> people;
    TimeMs checked;
  };
  struct Followed {
    // As it was last told; none when followers may have been told different things.
    std::optional<bool> online;
    std::vector<SessionId> followers;
  };

  void unfollow(SessionId session, UserId person);

  mutable std::mutex mutex_;
  std::unordered_map<SessionId, Follower> followers_;
  std::unordered_map<UserId, Followed> followed_;
};

}  // namespace hongyan::presence
