#include "domain/presence/followers.h"

#include <algorithm>
#include <map>

namespace hongyan::presence {

void Followers::add(Attendee follower) {
  const std::lock_guard lock(mutex_);
  followers_[follower.session].user = follower.user;
}

void Followers::remove(SessionId session) {
  const std::lock_guard lock(mutex_);
  const auto node = followers_.extract(session);
  if (node.empty()) return;
  for (const UserId person : node.mapped().people) unfollow(session, person);
}

void Followers::follow(SessionId session, const std::vector<Standing>& people, TimeMs now) {
  const std::lock_guard lock(mutex_);
  const auto found = followers_.find(session);
  if (found == followers_.end()) return;
  Follower& follower = found->second;
  for (const UserId person : std::exchange(follower.people, {})) unfollow(session, person);
  follower.checked = now;
  for (const Standing& person : people) {
    follower.people.push_back(person.user);
    auto& [online, followers] = followed_[person.user];
    // Somebody else was told otherwise: who is right shows the next time it is looked at, and then all are told.
    if (followers.empty() || online == person.online) {
      online = person.online;
    } else {
      online.reset();
    }
    followers.push_back(session);
  }
}

void Followers::retain(SessionId session, std::vector<UserId> people, TimeMs now) {
  const std::lock_guard lock(mutex_);
  const auto found = followers_.find(session);
  if (found == followers_.end()) return;
  std::ranges::sort(people);
  found->second.checked = now;
  std::erase_if(found->second.people, [&](UserId person) {
    if (std::ranges::binary_search(people, person)) return false;
    unfollow(session, person);
    return true;
  });
}

std::vector<UserId> Followers::followed_by(SessionId session) const {
  const std::lock_guard lock(mutex_);
  const auto found = followers_.find(session);
  return found == followers_.end() ? std::vector<UserId>() : found->second.people;
}

std::vector<UserId> Followers::followed() const {
  const std::lock_guard lock(mutex_);
  std::vector<UserId> people;
  people.reserve(followed_.size());
  for (const auto& [person, followed] : followed_) people.push_back(person);
  return people;
}

std::vector<Notice> Followers::note(std::span<const UserId> people, const std::vector<bool>& online) {
  const std::lock_guard lock(mutex_);
  std::map<SessionId, std::vector<UserId>> to_tell;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto found = followed_.find(people[i]);
    if (found == followed_.end() || found->second.online == online[i]) continue;
    found->second.online = online[i];
    for (const SessionId session : found->second.followers) to_tell[session].push_back(people[i]);
  }
  std::vector<Notice> notices;
  for (auto& [session, changed] : to_tell) {
    const Follower& follower = followers_.at(session);
    notices.push_back({{follower.user, session}, std::move(changed), follower.checked});
  }
  return notices;
}

void Followers::owe(std::span<const UserId> people) {
  const std::lock_guard lock(mutex_);
  for (const UserId person : people) {
    if (const auto found = followed_.find(person); found != followed_.end()) found->second.online.reset();
  }
}

void Followers::unfollow(SessionId session, UserId person) {
  const auto found = followed_.find(person);
  std::erase(found->second.followers, session);
  if (found->second.followers.empty()) followed_.erase(found);
}

}  // namespace hongyan::presence
