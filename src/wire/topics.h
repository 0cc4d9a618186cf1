// How a push reaches the sockets of those it concerns.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace google::protobuf {
class Message;
}

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

// A push, encoded once as a complete WebSocket frame and shared by all sockets that send it.
struct PushFrame {
  // Text frame of hongyan.v1.json, header included.
  std::shared_ptr<const std::string> json;
  // The conversation it belongs to and its numbers, so that a session that cannot take it knows what became stale;
  // conversation is none (0) for pushes that may simply be dropped.
  ConversationId conversation;
};
using SharedPush = std::shared_ptr<const PushFrame>;

// The push of this type with this data, encoded.
SharedPush encode_push(std::string_view type, const google::protobuf::Message& data, ConversationId conversation = {});

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
