#include "app/seed/activity.h"

#include <algorithm>

namespace hongyan::app {
namespace {

constexpr double kRoomBusyness = 0.9;
constexpr double kMemberBusyness = 1.0;
constexpr std::size_t kRecent = 24;
constexpr double kChangeShare = 0.08;
constexpr double kSameSender = 0.35;
constexpr double kQuoteShare = 0.06;
constexpr double kMentionShare = 0.05;
constexpr double kMentionAllShare = 0.01;
constexpr double kForeignShare = 0.05;
// Below what a conversation can have, so that a second run finds room too.
constexpr std::size_t kPins = 3;
// Another stream than that of the plan.
constexpr std::uint64_t kStream = 0x9e3779b97f4a7c15ULL;

std::size_t largest_room(const SeedPlan& plan) {
  std::size_t largest = 1;
  for (const PlannedRoom& room : plan.rooms) largest = std::max(largest, room.members.size());
  return largest;
}

Language other(Language language) { return language == Language::chinese ? Language::english : Language::chinese; }

}  // namespace

Activity::Activity(const SeedShape& shape, const SeedPlan& plan)
    : plan_(plan),
      random_(shape.seed ^ kStream),
      busy_rooms_(plan.rooms.size(), kRoomBusyness),
      busy_members_(largest_room(plan), kMemberBusyness),
      talks_(plan.rooms.size()),
      said_(plan.rooms.size()) {}

Step Activity::next() {
  const std::size_t room = busy_rooms_.draw(random_);
  if (random_.chance(kChangeShare)) {
    if (auto step = change(room)) return *std::move(step);
  }
  return say(room);
}

std::size_t Activity::drawn_sender(std::size_t room) {
  const auto& members = plan_.rooms[room].members;
  const auto& last = talks_[room].last_sender;
  if (last && random_.chance(kSameSender)) return *last;
  if (members.size() == 2) return members[random_.below(2)];
  return members[busy_members_.draw(random_, members.size())];
}

Step Activity::say(std::size_t index) {
  const PlannedRoom& room = plan_.rooms[index];
  Talk& talk = talks_[index];
  const std::size_t sender = drawn_sender(index);
  Say said;
  said.number = ++said_[index];
  said.text = made_text(random_, random_.chance(kForeignShare) ? other(room.language) : room.language);
  if (!talk.recent.empty() && random_.chance(kQuoteShare)) {
    said.quotes = talk.recent[random_.below(talk.recent.size())].number;
  }
  if (room.group && sender == room.members.front() && random_.chance(kMentionAllShare)) {
    said.mentions_all = true;
  } else if (room.group && random_.chance(kMentionShare)) {
    const std::size_t named = room.members[random_.below(room.members.size())];
    if (named != sender) said.mentions.push_back(named);
  }
  talk.last_sender = sender;
  talk.recent.push_back({said.number, sender});
  if (talk.recent.size() > kRecent) talk.recent.pop_front();
  return {index, sender, std::move(said)};
}

// Nothing where there is no message to change.
std::optional<Step> Activity::change(std::size_t index) {
  const PlannedRoom& room = plan_.rooms[index];
  Talk& talk = talks_[index];
  if (talk.recent.empty()) return std::nullopt;
  const auto at = talk.recent.begin() + static_cast<std::ptrdiff_t>(random_.below(talk.recent.size()));
  const Recent target = *at;
  const double point = random_.unit();
  if (point < 0.80) {
    const std::size_t actor = room.members[busy_members_.draw(random_, room.members.size())];
    return Step{index, actor, React{target.number, made_reaction(random_)}};
  }
  if (point < 0.91) return Step{index, target.sender, Edit{target.number, made_text(random_, room.language)}};
  if (point < 0.98 || talk.pins == kPins) {
    talk.recent.erase(at);
    return Step{index, target.sender, Recall{target.number}};
  }
  ++talk.pins;
  return Step{index, room.members.front(), Pin{target.number}};
}

}  // namespace hongyan::app
