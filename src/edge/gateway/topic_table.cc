#include "edge/gateway/topic_table.h"

#include <algorithm>
#include <span>
#include <utility>

namespace hongyan::gateway {
namespace {

using Users = std::span<const UserId>;

// Those of whom the publication tells here: a group's topic stands for all that are named, a user's for that user.
Users concerned(const wire::Topic& topic, Users named, const UserId& user) {
  if (topic.kind == wire::Topic::Kind::group) return named;
  return std::ranges::find(named, user) == named.end() ? Users() : Users(&user, 1);
}

}  // namespace

void TopicTable::connect(UserId user, Subscriber& subscriber) {
  connecting_.try_emplace(&subscriber);
  if (subscriber.user_) return;
  subscriber.user_ = user;
  add(wire::Topic::user(user), subscriber, {});
}

void TopicTable::join(ConversationId group, Subscriber& subscriber, Seq joined) {
  if (const auto connecting = connecting_.find(&subscriber); connecting != connecting_.end()) {
    const auto left = connecting->second.find(group);
    if (left != connecting->second.end() && joined < left->second) return;
  }
  const auto at = std::ranges::lower_bound(subscriber.groups_, group);
  if (at == subscriber.groups_.end() || *at != group) {
    subscriber.groups_.insert(at, group);
    return add(wire::Topic::group(group), subscriber, joined);
  }
  Entry& held = entry_of(topics_.at(wire::Topic::group(group)), subscriber);
  held.joined = std::max(held.joined, joined);
}

void TopicTable::connected(Subscriber& subscriber) {
  connecting_.erase(&subscriber);
  subscriber.groups_.shrink_to_fit();
}

void TopicTable::listen(SessionId session, Subscriber& subscriber) {
  if (subscriber.session_) return;
  subscriber.session_ = session;
  add(wire::Topic::presence(session), subscriber, {});
}

void TopicTable::remove(Subscriber& subscriber) {
  connecting_.erase(&subscriber);
  if (const UserId user = std::exchange(subscriber.user_, {})) erase(wire::Topic::user(user), subscriber);
  if (const SessionId session = std::exchange(subscriber.session_, {})) {
    erase(wire::Topic::presence(session), subscriber);
  }
  for (const ConversationId group : std::exchange(subscriber.groups_, {})) {
    erase(wire::Topic::group(group), subscriber);
  }
}

void TopicTable::deliver(const wire::Publication& publication) {
  const wire::Topic topic = publication.topic;
  const wire::HistoryPlace& place = publication.push->place();
  const ConversationId group = publication.push->conversation();
  const UserId user(topic.id);
  for (const UserId joins : concerned(topic, place.join, user)) {
    for (Subscriber* subscriber : sockets_of(joins)) join(group, *subscriber, place.seq);
  }
  if (!place.join.empty()) interests_.joined(wire::Topic::group(group));
  if (const auto found = topics_.find(topic); found != topics_.end()) {
    const bool partly = topic.kind == wire::Topic::Kind::group && place.seq;
    // Pushing never closes a socket from inside the call, so the list stays as it is.
    for (const Entry& one : found->second) {
      const wire::SharedPush& push = partly && one.joined > place.seq ? place.stub : publication.push;
      if (push) one.subscriber->push(push);
    }
  }
  for (const UserId leaves : concerned(topic, place.leave, user)) {
    for (Subscriber* subscriber : sockets_of(leaves)) leave(group, *subscriber, place.seq);
  }
}

// A copy: what is done with them may move the lists of the table.
std::vector<Subscriber*> TopicTable::sockets_of(UserId user) const {
  std::vector<Subscriber*> sockets;
  const auto found = topics_.find(wire::Topic::user(user));
  if (found == topics_.end()) return sockets;
  for (const Entry& one : found->second) sockets.push_back(one.subscriber);
  return sockets;
}

// Takes the subscriber out of the group unless it has joined since.
void TopicTable::leave(ConversationId group, Subscriber& subscriber, Seq seq) {
  if (const auto connecting = connecting_.find(&subscriber); connecting != connecting_.end()) {
    Seq& left = connecting->second[group];
    left = std::max(left, seq);
  }
  const auto at = std::ranges::lower_bound(subscriber.groups_, group);
  if (at == subscriber.groups_.end() || *at != group) return;
  const wire::Topic topic = wire::Topic::group(group);
  if (entry_of(topics_.at(topic), subscriber).joined >= seq) return;
  subscriber.groups_.erase(at);
  erase(topic, subscriber);
}

TopicTable::Entry& TopicTable::entry_of(Entries& entries, const Subscriber& subscriber) {
  return *std::ranges::find(entries, &subscriber, &Entry::subscriber);
}

void TopicTable::add(const wire::Topic& topic, Subscriber& subscriber, Seq joined) {
  Entries& entries = topics_[topic];
  if (entries.empty()) interests_.add(topic, lane_);
  entries.push_back({&subscriber, joined});
}

void TopicTable::erase(const wire::Topic& topic, const Subscriber& subscriber) {
  const auto found = topics_.find(topic);
  std::erase_if(found->second, [&](const Entry& one) { return one.subscriber == &subscriber; });
  if (!found->second.empty()) return;
  topics_.erase(found);
  interests_.remove(topic, lane_);
}

}  // namespace hongyan::gateway
