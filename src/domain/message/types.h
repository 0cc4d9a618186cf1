// Values of the message slice.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

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

// Number of a commit of this store, from 1.
using CommitNo = Strong<struct CommitNoTag, std::int64_t>;

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
  // The newest message that names everybody; 0 for none.
  Seq mention_all{};
  // The last commit that touched the conversation.
  CommitNo commit{};
  bool operator==(const Head&) const = default;
};

// Who recalled or pinned a message, and when.
struct Mark {
  UserId by;
  TimeMs time;
  bool operator==(const Mark&) const = default;
};

// One person's reaction.
struct Reactor {
  UserId user;
  TimeMs time;
  bool operator==(const Reactor&) const = default;
};

// All who reacted with one emoji, the first to react first. Never empty.
struct Reaction {
  std::string emoji;
  std::vector<Reactor> reactors;
  bool operator==(const Reaction&) const = default;
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
  // Empty once recalled.
  v1::Content content;
  // Number of the last change to it, 0 when never changed.
  ChangeNo change;
  // The message it answers, as it was then.
  std::optional<v1::Quote> quote;
  std::optional<v1::Mentions> mentions;
  // 0 when never edited.
  TimeMs edited;
  std::optional<Mark> recalled;
  // The first emoji first.
  std::vector<Reaction> reactions;
  std::optional<Mark> pinned;
  // Of a system line: who came in and who went out with it.
  std::vector<UserId> join;
  std::vector<UserId> leave;

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

// What a member of a group may see at most: from the line with which they came in to the one with which they went out.
struct Bound {
  Seq joined;
  // 0 while they are in.
  Seq left;
  bool operator==(const Bound&) const = default;
};

// A bound of a user who is known.
struct GroupBound {
  ConversationId group;
  Bound bound;
  bool operator==(const GroupBound&) const = default;
};

// What happened to a message. The numbers are those of v1::ChangeKind and are stored.
enum class ChangeKind : std::uint8_t { recall = 1, edit = 2, reaction = 3, pin = 4 };

// One change of a conversation; the state it led to is that of the message itself.
struct Change {
  ConversationId conversation;
  ChangeNo number;
  Seq seq;
  ChangeKind kind = ChangeKind::recall;
  UserId by;
  // Of a reaction.
  std::string emoji;
  // Of a reaction or a pin: added, not taken back.
  bool added = false;
  TimeMs time;
  bool operator==(const Change&) const = default;
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
struct std::hash<hongyan::message::Place> {
  std::size_t operator()(const hongyan::message::Place& place) const noexcept {
    return hongyan::message::mix(std::hash<hongyan::ConversationId>{}(place.conversation),
                                 std::hash<hongyan::Seq>{}(place.seq));
  }
};

template <>
struct std::hash<hongyan::message::UserPlace> {
  std::size_t operator()(const hongyan::message::UserPlace& place) const noexcept {
    return hongyan::message::mix(std::hash<hongyan::UserId>{}(place.user),
                                 std::hash<hongyan::ConversationId>{}(place.conversation));
  }
};
