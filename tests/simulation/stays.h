// When somebody was in a group.
#pragma once

#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include "base/ids.h"
#include "hongyan/v1/message.pb.h"

namespace hongyan::simulation {

// The lines with which a member came in and went out.
struct Stay {
  static constexpr std::int64_t kOpen = std::numeric_limits<std::int64_t>::max();
  std::int64_t joined_seq = 1;
  std::int64_t left_seq = kOpen;
  bool has(std::int64_t seq) const { return seq >= joined_seq && seq <= left_seq; }
};

// Whom a line of a group is about.
std::set<UserId> named_in(const v1::Message& line);

// The stays of `user` by the whole history of a group; the last one is the one in force.
std::vector<Stay> stays_of(UserId user, const std::vector<v1::Message>& history);

}  // namespace hongyan::simulation
