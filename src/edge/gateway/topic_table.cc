#include "edge/gateway/topic_table.h"

#include <algorithm>
#include <span>

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
  entry(wire::Topic::user(user), subscriber).joined = Seq(1);
  connecting_.insert(&subscriber);
}

void TopicTable::join(ConversationId group, Subscriber& subscriber, Seq joined) {
  Entry& held = entry(wire::Topic::group(group), subscriber);
  held.joined = std::max(held.joined, joined);
}

void TopicTable::connected(Subscriber& subscriber) {
  connecting_.erase(&subscriber);
  const auto held = topics_of_.find(&subscriber);
  if (held == topics_of_.end()) return;
  for (const wire::Topic& topic : std::vector(held->second.begin(), held->second.end())) {
    if (!entry(topic, subscriber).in()) erase(topic, subscriber);
  }
}

void TopicTable::listen(SessionId session, Subscriber& subscriber) {
  entry(wire::Topic::presence(session), subscriber).joined = Seq(1);
}

void TopicTable::remove(Subscriber& subscriber) {
  connecting_.erase(&subscriber);
  const auto held = topics_of_.find(&subscriber);
  if (held == topics_of_.end()) return;
  const Topics left = std::move(held->second);
  topics_of_.erase(held);
  for (const wire::Topic& topic : left) {
    Entries& entries = topics_.at(topic);
    std::erase_if(entries, [&](const Entry& one) { return one.subscriber == &subscriber; });
    if (entries.empty()) erase_topic(topic);
  }
}

void TopicTable::deliver(const wire::Publication& publication) {
  const wire::Topic topic = publication.topic;
  const wire::HistoryPlace& place = publication.push->place();
  const ConversationId group = publication.push->conversation();
  const UserId user(topic.id);
  for (const UserId joins : concerned(topic, place.join, user)) apply_join(joins, group, place.seq);
  if (!place.join.empty()) interests_.joined(wire::Topic::group(group));
  if (const auto found = topics_.find(topic); found != topics_.end()) {
    const bool partly = topic.kind == wire::Topic::Kind::group && place.seq;
    // Pushing never closes a socket from inside the call, so the list stays as it is.
    for (const Entry& one : found->second) {
      if (!one.in()) continue;
      const wire::SharedPush& push = partly && one.joined > place.seq ? place.stub : publication.push;
      if (push) one.subscriber->push(push);
    }
  }
  for (const UserId leaves : concerned(topic, place.leave, user)) apply_leave(leaves, group, place.seq);
}

void TopicTable::apply_join(UserId user, ConversationId group, Seq seq) {
  const auto found = topics_.find(wire::Topic::user(user));
  if (found == topics_.end()) return;
  // A copy: the entries of the group may be put where those of the user stand.
  std::vector<Subscriber*> subscribers;
  for (const Entry& one : found->second) subscribers.push_back(one.subscriber);
  for (Subscriber* subscriber : subscribers) join(group, *subscriber, seq);
}

void TopicTable::apply_leave(UserId user, ConversationId group, Seq seq) {
  const auto found = topics_.find(wire::Topic::user(user));
  if (found == topics_.end()) return;
  std::vector<Subscriber*> subscribers;
  for (const Entry& one : found->second) subscribers.push_back(one.subscriber);
  const wire::Topic topic = wire::Topic::group(group);
  for (Subscriber* subscriber : subscribers) {
    const bool remembers = connecting_.contains(subscriber);
    if (!remembers && !topics_of_.at(subscriber).contains(topic)) continue;
    Entry& held = entry(topic, *subscriber);
    held.left = std::max(held.left, seq);
    if (!held.in() && !remembers) erase(topic, *subscriber);
  }
}

// The subscriber's entry in the topic, made when there is none.
TopicTable::Entry& TopicTable::entry(const wire::Topic& topic, Subscriber& subscriber) {
  Entries& entries = topics_[topic];
  if (entries.empty()) interests_.add(topic, lane_);
  if (topics_of_[&subscriber].insert(topic).second) return entries.emplace_back(Entry{&subscriber});
  return *std::ranges::find(entries, &subscriber, &Entry::subscriber);
}

void TopicTable::erase(const wire::Topic& topic, Subscriber& subscriber) {
  topics_of_.at(&subscriber).erase(topic);
  Entries& entries = topics_.at(topic);
  std::erase_if(entries, [&](const Entry& one) { return one.subscriber == &subscriber; });
  if (entries.empty()) erase_topic(topic);
}

void TopicTable::erase_topic(const wire::Topic& topic) {
  topics_.erase(topic);
  interests_.remove(topic, lane_);
}

}  // namespace hongyan::gateway
