#include "domain/presence/typing/throttle.h"

namespace hongyan::presence {

bool TypingThrottle::would_tell(UserId user, ConversationId conversation, bool typing, TimeMs now) const {
  const std::lock_guard lock(mutex_);
  return tells(told({user, conversation}), typing, now, times_);
}

bool TypingThrottle::tell(UserId user, ConversationId conversation, bool typing, TimeMs now) {
  const std::lock_guard lock(mutex_);
  if (now < turned_ || now.value - turned_.value >= times_.shown.count()) {
    older_ = std::exchange(recent_, {});
    turned_ = now;
  }
  const Place place{user, conversation};
  const auto before = told(place);
  if (!tells(before, typing, now, times_)) return false;
  if (recent_.size() >= kMost && !recent_.contains(place)) return false;
  recent_[place] = {.at = typing ? now : before->at, .typing = typing};
  return true;
}

std::optional<ToldTyping> TypingThrottle::told(const Place& place) const {
  for (const Told* generation : {&recent_, &older_}) {
    if (const auto found = generation->find(place); found != generation->end()) return found->second;
  }
  return std::nullopt;
}

}  // namespace hongyan::presence
