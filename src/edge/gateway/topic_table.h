// The topics of one io thread.
#pragma once

#include <unordered_map>
#include <vector>

#include "wire/topics.h"

namespace hongyan::gateway {

// Takes pushes; implemented by Session.
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  virtual void push(const wire::SharedPush& push) = 0;
};

// topic -> subscribers. One thread; a subscriber removes itself before it ends.
class TopicTable {
 public:
  void subscribe(const wire::Topic& topic, Subscriber& subscriber);
  // A repeat does nothing.
  void unsubscribe(const wire::Topic& topic, Subscriber& subscriber);
  // Hands the push to every subscriber, which must not change the table from inside the call.
  void deliver(const wire::Publication& publication);

 private:
  std::unordered_map<wire::Topic, std::vector<Subscriber*>> subscribers_;
};

}  // namespace hongyan::gateway
