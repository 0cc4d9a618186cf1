// How a push reaches the sockets of those it concerns.
#pragma once

#include <array>
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

// What sockets subscribe to. Value type.
struct Topic {
  enum class Kind : std::uint8_t { user, group, presence };
  Kind kind = Kind::user;
  std::uint64_t id = 0;

  static Topic user(UserId user) { return {Kind::user, user.value}; }
  static Topic group(ConversationId group) { return {Kind::group, group.value}; }
  auto operator<=>(const Topic&) const = default;
};

// A push for many sockets. It is encoded, as a complete WebSocket message, when the first socket of a format takes it: a format that
// nobody uses costs nothing. Immutable as sessions see it; shared by and safe from all threads.
class Push {
 public:
  // `conversation` is the one whose history is stale for who misses this; none (0) when it may simply be dropped.
  Push(std::string_view type, std::unique_ptr<const google::protobuf::Message> data, ConversationId conversation);
  ~Push();

  const ws::SharedFrame& frame(const Frames& frames) const;
  ConversationId conversation() const { return conversation_; }

 private:
  struct Encoded {
    std::once_flag once;
    ws::SharedFrame frame;
  };

  const std::string type_;
  const std::unique_ptr<const google::protobuf::Message> data_;
  const ConversationId conversation_;
  mutable std::array<Encoded, kFrameFormats> encoded_;
};
using SharedPush = std::shared_ptr<const Push>;

template <class Data>
SharedPush make_push(std::string_view type, Data data, ConversationId conversation = {}) {
  return std::make_shared<const Push>(type, std::make_unique<const Data>(std::move(data)), conversation);
}

struct Publication {
  Topic topic;
  SharedPush push;
};

// Delivers pushes to the sockets of this process. Thread-safe. A push is a hint: it may be lost, never doubled.
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
