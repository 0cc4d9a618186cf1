// What the presence slice knows of people and their sockets.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ids.h"

namespace hongyan::presence {

// An authenticated socket of somebody. Value type.
struct Attendee {
  UserId user;
  SessionId session;
};

// How a socket has ended.
enum class Parting : std::uint8_t {
  closed,  // its client said so, or has answered when it was told to go
  lost,    // it broke off, or fell silent
};

// How somebody stands. Value type.
struct Standing {
  UserId user;
  bool online = false;
  // When their last socket went; none while they are online, and when nothing is known of it.
  std::optional<TimeMs> last_seen;
  bool operator==(const Standing&) const = default;
};

// When somebody was last here. Value type.
struct LastSeen {
  UserId user;
  TimeMs time;
  bool operator==(const LastSeen&) const = default;
};

}  // namespace hongyan::presence
