// How a push reaches the sockets of those it concerns.
#pragma once

#include <array>
#include <atomic>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "wire/frames.h"

namespace hongyan::wire {

// What sockets subscribe to. Value type. presence:<id> is what one socket is told of the people it follows, put together for it
// alone: the id is that of its session.
struct Topic {
  enum class Kind : std::uint8_t { user, group, presence };
  Kind kind = Kind::user;
  std::uint64_t id = 0;

  static Topic user(UserId user) { return {Kind::user, user.value}; }
  static Topic group(ConversationId group) { return {Kind::group, group.value}; }
  static Topic presence(SessionId follower) { return {Kind::presence, follower.value}; }
  auto operator<=>(const Topic&) const = default;
};

class Push;
using SharedPush = std::shared_ptr<const Push>;

// Where a push stands in the history of its group, of which members may see a part only. The default is nowhere: everybody
// gets the push.
struct HistoryPlace {
  // Of the message it carries or changes. Who joined at a higher seq does not get the push.
  Seq seq;
  // What they get instead; null for nothing.
  SharedPush stub = {};
  // Members from this message on, and up to it.
  std::vector<UserId> join = {};
  std::vector<UserId> leave = {};
};

// A push for many sockets. It is encoded, as a complete WebSocket message, when the first socket of a format takes it: a format that
// nobody uses costs nothing. Immutable as sessions see it; shared by and safe from all threads.
class Push {
 public:
  // `conversation` is the one whose history is stale for who misses this; none (0) when it may simply be dropped.
  Push(std::string_view type, std::unique_ptr<const google::protobuf::Message> data, ConversationId conversation,
       HistoryPlace place);
  ~Push();

  const ws::SharedFrame& frame(const Frames& frames) const;
  ConversationId conversation() const { return conversation_; }
  const HistoryPlace& place() const { return place_; }
  // Tells it from every other push of this process.
  std::uint64_t number() const { return number_; }

 private:
  // Not std::call_once: that makes a system call for each flag it sets, and a push has a life of microseconds.
  struct Encoded {
    std::atomic<bool> done{false};
    ws::SharedFrame frame;
  };

  const std::uint64_t number_;
  const std::string type_;
  const std::unique_ptr<const google::protobuf::Message> data_;
  const ConversationId conversation_;
  const HistoryPlace place_;
  mutable std::mutex encoding_;
  mutable std::array<Encoded, kFrameFormats> encoded_;
};

template <class Data>
SharedPush make_push(std::string_view type, Data data, ConversationId conversation = {}, HistoryPlace place = {}) {
  return std::make_shared<const Push>(type, std::make_unique<const Data>(std::move(data)), conversation,
                                      std::move(place));
}

struct Publication {
  Topic topic;
  SharedPush push;
};

// Delivers pushes to the sockets of this process. Those of a group that name who joins or leaves go to the group's topic and,
// next to it, to the topics of all whom they name: they, and nothing else, move the sockets of these users into the group's topic
// and out of it. Thread-safe. A push is a hint: it may be lost, never doubled.
class Topics {
 public:
  virtual ~Topics() = default;
  // Hands the batch to the sockets in order; one wake-up a thread. A session subscribed to several of a push's topics
  // gets it once when the publications share the same SharedPush and follow each other.
  virtual void publish(std::vector<Publication> batch) = 0;
};

}  // namespace hongyan::wire

template <>
struct std::hash<hongyan::wire::Topic> {
  std::size_t operator()(const hongyan::wire::Topic& topic) const noexcept {
    return std::hash<std::uint64_t>{}(topic.id * 4 + static_cast<std::uint64_t>(topic.kind));
  }
};
