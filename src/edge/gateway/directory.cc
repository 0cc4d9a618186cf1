#include "edge/gateway/directory.h"

#include <algorithm>

namespace hongyan::gateway {

std::vector<Entry> Directory::add(Entry entry) {
  const std::lock_guard lock(mutex_);
  std::vector<Entry>& mine = by_user_[entry.user];
  std::vector<Entry> ended;
  const auto of_device = [&](const Entry& other) { return other.device == entry.device; };
  const auto take_oldest = [&](auto oldest) {
    ended.push_back(*oldest);
    mine.erase(oldest);
    --size_;
  };
  if (static_cast<std::size_t>(std::ranges::count_if(mine, of_device)) >= limits_.per_device) {
    take_oldest(std::ranges::find_if(mine, of_device));
  }
  if (mine.size() >= limits_.per_user) take_oldest(mine.begin());
  mine.push_back(std::move(entry));
  ++size_;
  return ended;
}

void Directory::remove(UserId user, SessionId session) {
  const std::lock_guard lock(mutex_);
  const auto found = by_user_.find(user);
  if (found == by_user_.end()) return;
  size_ -= std::erase_if(found->second, [session](const Entry& entry) { return entry.session_id == session; });
  if (found->second.empty()) by_user_.erase(found);
}

std::vector<Entry> Directory::find(const wire::KickTarget& target) const {
  const std::lock_guard lock(mutex_);
  std::vector<Entry> hit;
  const auto found = by_user_.find(target.user);
  if (found == by_user_.end()) return hit;
  for (const Entry& entry : found->second) {
    if (target.device && entry.device != *target.device) continue;
    if (target.except && entry.device == *target.except) continue;
    hit.push_back(entry);
  }
  return hit;
}

std::size_t Directory::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

}  // namespace hongyan::gateway
