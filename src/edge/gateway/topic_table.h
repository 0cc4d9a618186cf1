// The topics of one io thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <functional>
#include <unordered_map>
#include <vector>

#include "edge/gateway/interests.h"
#include "wire/topics.h"

namespace hongyan::gateway {

// Takes pushes; implemented by Session.
class Subscriber {
 public:
  Subscriber() = default;
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;
  virtual ~Subscriber() = default;
  virtual void push(const wire::SharedPush& push) = 0;

 private:
  friend class TopicTable;
  // The topics it is in, the groups in their order. The table's; kept here because that takes the least memory.
  UserId user_;
  SessionId session_;
  std::vector<ConversationId> groups_;
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
  // One of a topic's; of a group's from this seq on.
  struct Entry {
    Subscriber* subscriber = nullptr;
    Seq joined = {};
  };
  using Entries = std::vector<Entry>;
  // Up to where pushes said that a subscriber was in a group, while its groups were being read.
  using Leaves = std::unordered_map<ConversationId, Seq>;

  void add(const wire::Topic& topic, Subscriber& subscriber, Seq joined);
  void erase(const wire::Topic& topic, const Subscriber& subscriber);
  static Entry& entry_of(Entries& entries, const Subscriber& subscriber);
  std::vector<Subscriber*> sockets_of(UserId user) const;
  void leave(ConversationId group, Subscriber& subscriber, Seq seq);

  Interests& interests_;
  const std::size_t lane_;
  // Without a node for each: there are more of them than sockets.
  boost::unordered_flat_map<wire::Topic, Entries, std::hash<wire::Topic>> topics_;
  std::unordered_map<Subscriber*, Leaves> connecting_;
};

}  // namespace hongyan::gateway
