// Who may know what of whom, and when typing is told. Pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/account/types.h"
#include "domain/presence/types.h"

namespace hongyan::presence {

// People one question or one socket may name.
inline constexpr std::size_t kMaxPeople = 200;

// The people asked for, each once, in their order. Errors: invalid_argument naming user_ids for more than kMaxPeople.
Result<std::vector<UserId>> people_of(std::vector<UserId> asked);

// What somebody may know of a person.
struct Acquaintance {
  // They share a conversation, and none blocks the other.
  bool acquainted = false;
  // They are on the person's list of contacts.
  bool contact = false;
};

// What somebody is told of a person: nothing unless they are acquainted, and when they were last here only if the person lets
// them see it. The one place that decides it.
std::optional<Standing> shown(Acquaintance acquaintance, account::Audience see_last_seen, Standing standing);

// The key of a person's lease.
std::string lease_key(UserId user);

// How often leases are renewed: well before the shortest ends, so that a socket keeps its user online whatever else closes.
std::chrono::milliseconds renewal_of(std::chrono::milliseconds grace, std::chrono::milliseconds close_grace);

// What others were last told of somebody's typing.
struct ToldTyping {
  // When they were last told that it goes on.
  TimeMs at;
  bool typing = false;
};

struct TypingTimes {
  // Told at most once in this time.
  std::chrono::milliseconds interval{};
  // Shown for this long.
  std::chrono::milliseconds shown{};
};

// Whether others are to be told now: that it goes on when they were not told within the interval, that it is over when they
// are still shown that it goes on.
bool tells(const std::optional<ToldTyping>& told, bool typing, TimeMs now, const TypingTimes& times);

}  // namespace hongyan::presence
