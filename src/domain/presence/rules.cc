#include "domain/presence/rules.h"

#include <algorithm>
#include <unordered_set>

namespace hongyan::presence {

Result<std::vector<UserId>> people_of(std::vector<UserId> asked) {
  std::unordered_set<UserId> seen;
  std::erase_if(asked, [&seen](UserId user) { return !seen.insert(user).second; });
  if (asked.size() > kMaxPeople) return fail(Error::invalid("user_ids", "at most 200"));
  return asked;
}

std::optional<Standing> shown(Acquaintance acquaintance, account::Audience see_last_seen, Standing standing) {
  if (!acquaintance.acquainted) return std::nullopt;
  const bool may_see =
      see_last_seen == v1::AUDIENCE_EVERYONE || (see_last_seen == v1::AUDIENCE_CONTACTS && acquaintance.contact);
  if (standing.online || !may_see) standing.last_seen.reset();
  return standing;
}

std::string lease_key(UserId user) { return "presence:" + std::to_string(user.value); }

std::chrono::milliseconds renewal_of(std::chrono::milliseconds grace, std::chrono::milliseconds close_grace) {
  constexpr int kTimes = 3;
  // Without a grace for closing, nothing shorter than the other one is ever held.
  return (close_grace.count() > 0 ? std::min(grace, close_grace) : grace) / kTimes;
}

bool tells(const std::optional<ToldTyping>& told, bool typing, TimeMs now, const TypingTimes& times) {
  if (!told) return typing;
  const std::chrono::milliseconds since(now.value - told->at.value);
  return typing ? since >= times.interval : told->typing && since < times.shown;
}

}  // namespace hongyan::presence
