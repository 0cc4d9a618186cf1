// Values of the message slice.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/ids.h"
#include "hongyan/v1/message.pb.h"

namespace hongyan::message {

// SHA-256 over what a client supplied with a send; tells a repeat from another message under the same id.
using ContentHash = std::array<std::uint8_t, 32>;

// The sender's own name of a message: unique for good, over all conversations.
struct MessageKey {
  UserId sender;
  std::string client_msg_id;
  auto operator<=>(const MessageKey&) const = default;
};

// What the sender is told once the message is durable; the same for every repeat.
struct SendAck {
  MessageId message;
  Seq seq;
  TimeMs time;
  auto operator<=>(const SendAck&) const = default;
};

// What is kept of a key: the first answer and what it was for.
struct KeyEntry {
  ConversationId conversation;
  SendAck ack;
  ContentHash hash{};
  bool operator==(const KeyEntry&) const = default;
};

// The highest numbers of a conversation. The default value is that of an empty one.
struct Head {
  Seq seq;
  ChangeNo change;
  // The lowest kept seq.
  Seq floor{1};
  // Countable messages so far.
  Ordinal ordinal;
  // Of the newest message.
  TimeMs time;
  bool operator==(const Head&) const = default;
};

// A message as it is stored.
struct StoredMessage {
  MessageId id;
  ConversationId conversation;
  Seq seq;
  // Countable messages up to and including this one.
  Ordinal ordinal;
  // Those of its sender among them.
  Ordinal own_ordinal;
  // None (0) for system lines, which do not count as unread.
  UserId sender;
  std::string client_msg_id;
  TimeMs time;
  v1::Content content;
  // Number of the last change to it, 0 when never changed.
  ChangeNo change;

  bool counts() const { return static_cast<bool>(sender); }
};

// A seq in a conversation.
struct Place {
  ConversationId conversation;
  Seq seq;
  auto operator<=>(const Place&) const = default;
};

// One user in one conversation.
struct UserPlace {
  UserId user;
  ConversationId conversation;
  auto operator<=>(const UserPlace&) const = default;
};

// [from, to], empty when to < from.
struct SeqRange {
  Seq from;
  Seq to;
  bool empty() const { return to < from; }
  std::int64_t size() const { return empty() ? 0 : to.value - from.value + 1; }
  auto operator<=>(const SeqRange&) const = default;
};

// Combines two hashes (boost::hash_combine's 64-bit mix).
inline std::size_t mix(std::size_t seed, std::size_t hash) {
  return seed ^ (hash + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2));
}

}  // namespace hongyan::message

template <>
struct std::hash<hongyan::message::MessageKey> {
  std::size_t operator()(const hongyan::message::MessageKey& key) const noexcept {
    return hongyan::message::mix(std::hash<hongyan::UserId>{}(key.sender), std::hash<std::string>{}(key.client_msg_id));
  }
};

template <>
struct std::hash<hongyan::message::UserPlace> {
  std::size_t operator()(const hongyan::message::UserPlace& place) const noexcept {
    return hongyan::message::mix(std::hash<hongyan::UserId>{}(place.user),
                                 std::hash<hongyan::ConversationId>{}(place.conversation));
  }
};
