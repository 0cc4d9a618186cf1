#include "domain/presence/attendance.h"

namespace hongyan::presence {

void Attendance::came(UserId user) {
  const std::lock_guard lock(mutex_);
  ++sockets_[user];
  departed_.erase(user);
}

bool Attendance::went(UserId user, TimeMs now) {
  const std::lock_guard lock(mutex_);
  const auto found = sockets_.find(user);
  if (found == sockets_.end() || --found->second > 0) return false;
  sockets_.erase(found);
  if (departed_.size() < kMaxDepartures || departed_.contains(user)) departed_[user] = now;
  return true;
}

bool Attendance::is_here(UserId user) const {
  const std::lock_guard lock(mutex_);
  return sockets_.contains(user);
}

std::vector<UserId> Attendance::users() const {
  const std::lock_guard lock(mutex_);
  std::vector<UserId> users;
  users.reserve(sockets_.size());
  for (const auto& [user, count] : sockets_) users.push_back(user);
  return users;
}

std::optional<TimeMs> Attendance::departure(UserId user) const {
  const std::lock_guard lock(mutex_);
  const auto found = departed_.find(user);
  return found == departed_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<LastSeen> Attendance::departures(TimeMs by, std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  std::vector<LastSeen> departures;
  for (const auto& [user, time] : departed_) {
    if (departures.size() == limit) break;
    if (time <= by) departures.push_back({user, time});
  }
  return departures;
}

void Attendance::written(const std::vector<LastSeen>& departures) {
  const std::lock_guard lock(mutex_);
  for (const auto& [user, time] : departures) {
    const auto found = departed_.find(user);
    if (found != departed_.end() && found->second == time) departed_.erase(found);
  }
}

}  // namespace hongyan::presence
