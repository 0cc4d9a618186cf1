// The topics of one io thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <functional>
#include <unordered_set>
#include <vector>

#include "edge/gateway/interests.h"
#include "wire/topics.h"

namespace hongyan::gateway {

// Takes pushes; implemented by Session.
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  virtual void push(const wire::SharedPush& push) = 0;
};

// topic -> subscribers. Who is in a group's topic follows from the pushes themselves, in the order in which they come: those
// that name somebody move all subscribers of that user into the group's topic before they are delivered, and out of it
// afterwards. A subscriber knows a group from its joined seq on: pushes of earlier messages do not reach it. One thread; a
// subscriber removes itself before it ends.
class TopicTable {
 public:
  // Tells `interests` which topics this lane has.
  TopicTable(Interests& interests, std::size_t lane) : interests_(interests), lane_(lane) {}

  // Subscribes to the topic of a user and begins to connect: the groups the user is in are being read meanwhile, and what
  // pushes tell of them is newer. A repeat does nothing.
  void connect(UserId user, Subscriber& subscriber);
  // While connecting: puts the subscriber into the group's topic, unless pushes have told more.
  void join(ConversationId group, Subscriber& subscriber, Seq joined);
  // Ends connecting: what was remembered to tell older from newer is dropped.
  void connected(Subscriber& subscriber);
  // Subscribes to what is told to this one socket. A repeat does nothing.
  void listen(SessionId session, Subscriber& subscriber);
  // Takes the subscriber out of every topic. A repeat does nothing.
  void remove(Subscriber& subscriber);

  // Hands the push to every subscriber of the topic, which must not change the table from inside the call.
  void deliver(const wire::Publication& publication);

  // Topics that somebody has subscribed to.
  std::size_t size() const { return topics_.size(); }

 private:
  // Of a subscriber that is in the topic, or, while it connects, of one that was: then `left` is what counts.
  struct Entry {
    Subscriber* subscriber = nullptr;
    Seq joined = {};
    Seq left = {};
    bool in() const { return joined && joined >= left; }
  };
  using Entries = std::vector<Entry>;

  Entry& entry(const wire::Topic& topic, Subscriber& subscriber);
  void erase(const wire::Topic& topic, Subscriber& subscriber);
  void apply_join(UserId user, ConversationId group, Seq seq);
  void apply_leave(UserId user, ConversationId group, Seq seq);

  void erase_topic(const wire::Topic& topic);

  Interests& interests_;
  const std::size_t lane_;
  // Without a node for each: there are some dozen for every socket.
  using Topics = boost::unordered_flat_set<wire::Topic, std::hash<wire::Topic>>;
  boost::unordered_flat_map<wire::Topic, Entries, std::hash<wire::Topic>> topics_;
  boost::unordered_flat_map<Subscriber*, Topics> topics_of_;
  std::unordered_set<Subscriber*> connecting_;
};

}  // namespace hongyan::gateway
