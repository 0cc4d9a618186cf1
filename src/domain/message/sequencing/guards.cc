#include "domain/message/sequencing/guards.h"

#include <algorithm>
#include <ranges>

namespace hongyan::message::sequencing {
namespace {

// Beyond this many remembered bumps all loads under way are repeated instead.
constexpr std::size_t kMaxBumps = 1024;

template <class Map, class Key>
void remove_from(Map& index, const Key& key, const UserPlace& place) {
  const auto found = index.find(key);
  if (found == index.end()) return;
  found->second.erase(place);
  if (found->second.empty()) index.erase(found);
}

}  // namespace

void Guards::load(const UserPlace& place) {
  if (!loading(place)) begin(place);
}

void Guards::begin(const UserPlace& place) {
  loads_[place] = last_bump_;
  source_.load(place, [on_loaded = on_loaded_, place](Result<conversation::SendGuard> guard) {
    on_loaded(place, std::move(guard));
  });
}

Guards::Loaded Guards::loaded(const UserPlace& place, Result<conversation::SendGuard> guard) {
  const std::uint64_t begun = loads_.at(place);
  const bool is_stale = guard && stale(place, begun, *guard);
  loads_.erase(place);
  if (is_stale) {
    begin(place);
    return Loaded::repeated;
  }
  if (loads_.empty()) bumps_.clear();
  if (!guard) return Loaded::failed;
  keep(place, std::move(*guard));
  return Loaded::kept;
}

bool Guards::stale(const UserPlace& place, std::uint64_t begun, const conversation::SendGuard& guard) const {
  if (begun < all_stale_until_) return true;
  return std::ranges::any_of(bumps_, [&](const Bump& bump) {
    if (bump.number <= begun) return false;
    if (bump.conversation) return bump.conversation == place.conversation;
    return bump.user == place.user || std::ranges::find(guard.depends_on, bump.user) != guard.depends_on.end();
  });
}

void Guards::keep(const UserPlace& place, conversation::SendGuard guard) {
  drop(place);
  if (held_.size() >= capacity_) {
    const auto [oldest, evicted] = held_.pop_oldest();
    unindex(oldest, evicted);
  }
  by_user_[place.user].insert(place);
  for (const UserId user : guard.depends_on) by_user_[user].insert(place);
  by_conversation_[place.conversation].insert(place);
  held_.put(place, std::move(guard));
}

void Guards::unindex(const UserPlace& place, const conversation::SendGuard& guard) {
  remove_from(by_user_, place.user, place);
  for (const UserId user : guard.depends_on) remove_from(by_user_, user, place);
  remove_from(by_conversation_, place.conversation, place);
}

void Guards::drop(const UserPlace& place) {
  const conversation::SendGuard* guard = held_.find(place);
  if (guard == nullptr) return;
  unindex(place, *guard);
  held_.erase(place);
}

const conversation::SendGuard* Guards::find(const UserPlace& place, TimeMs now) {
  const conversation::SendGuard* guard = held_.find(place);
  if (guard == nullptr || !guard->valid_until || guard->valid_until > now) return guard;
  drop(place);
  return nullptr;
}

void Guards::drop_user(UserId user) {
  note_bump(user, {});
  if (const auto found = by_user_.find(user); found != by_user_.end()) {
    for (const UserPlace& place : Places(found->second)) drop(place);
  }
}

void Guards::drop_conversation(ConversationId conversation) {
  note_bump({}, conversation);
  if (const auto found = by_conversation_.find(conversation); found != by_conversation_.end()) {
    for (const UserPlace& place : Places(found->second)) drop(place);
  }
}

void Guards::note_bump(UserId user, ConversationId conversation) {
  ++last_bump_;
  if (loads_.empty()) return;
  if (bumps_.size() >= kMaxBumps) {
    all_stale_until_ = last_bump_;
    bumps_.clear();
  }
  bumps_.push_back({last_bump_, user, conversation});
}

}  // namespace hongyan::message::sequencing
