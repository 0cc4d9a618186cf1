#include "edge/gateway/topic_table.h"

#include <algorithm>

namespace hongyan::gateway {

void TopicTable::subscribe(const wire::Topic& topic, Subscriber& subscriber) {
  auto& list = subscribers_[topic];
  if (std::ranges::find(list, &subscriber) == list.end()) list.push_back(&subscriber);
}

void TopicTable::unsubscribe(const wire::Topic& topic, Subscriber& subscriber) {
  const auto found = subscribers_.find(topic);
  if (found == subscribers_.end()) return;
  std::erase(found->second, &subscriber);
  if (found->second.empty()) subscribers_.erase(found);
}

void TopicTable::deliver(const wire::Publication& publication) {
  const auto found = subscribers_.find(publication.topic);
  if (found == subscribers_.end()) return;
  // Pushing never closes a socket from inside the call, so the list stays as it is.
  for (Subscriber* subscriber : found->second) subscriber->push(publication.push);
}

}  // namespace hongyan::gateway
