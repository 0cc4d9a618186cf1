// What others were last told of who is typing where.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "domain/presence/rules.h"

namespace hongyan::presence {

// Thread-safe. Owned by TypingService. Forgets what is older than a hint is shown; holds at most kMost, and beyond that nobody new
// is told of.
class TypingThrottle {
 public:
  static constexpr std::size_t kMost = 100'000;

  explicit TypingThrottle(TypingTimes times) : times_(times) {}

  // Whether others are to be told; changes nothing.
  bool would_tell(UserId user, ConversationId conversation, bool typing, TimeMs now) const;
  // The same; true notes that they are.
  bool tell(UserId user, ConversationId conversation, bool typing, TimeMs now);

 private:
  using Place = std::pair<UserId, ConversationId>;
  struct Hash {
    std::size_t operator()(const Place& place) const noexcept {
      // Ids are drawn from one counter: that of the conversation alone would collide for its members.
      return std::hash<UserId>{}(place.first) * 0x9E3779B97F4A7C15u ^ std::hash<ConversationId>{}(place.second);
    }
  };
  using Told = std::unordered_map<Place, ToldTyping, Hash>;

  std::optional<ToldTyping> told(const Place& place) const;

  const TypingTimes times_;
  mutable std::mutex mutex_;
  // Two generations: each is dropped as a whole once everything in it is too old to matter.
  Told recent_;
  Told older_;
  TimeMs turned_;
};

}  // namespace hongyan::presence
