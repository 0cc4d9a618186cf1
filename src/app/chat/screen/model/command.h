// What the screen wants from the server.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace hongyan::chat::screen {

// The newest page of a conversation.
struct LoadNewest {
  std::uint64_t chat = 0;
  bool operator==(const LoadNewest&) const = default;
};
// The page in front of what is held.
struct LoadOlder {
  std::uint64_t chat = 0;
  bool operator==(const LoadOlder&) const = default;
};
// Changes of messages that were missed.
struct LoadChanges {
  std::uint64_t chat = 0;
  bool operator==(const LoadChanges&) const = default;
};
// The conversation itself: its marks, its title.
struct LoadChat {
  std::uint64_t chat = 0;
  bool operator==(const LoadChat&) const = default;
};
// The first message of a conversation that is not accepted yet.
struct SendNext {
  std::uint64_t chat = 0;
  bool operator==(const SendNext&) const = default;
};
// Read up to its end.
struct MarkRead {
  std::uint64_t chat = 0;
  // The user had marked it as unread, which is taken back.
  bool was_marked = false;
  bool operator==(const MarkRead&) const = default;
};
// Arrived up to its end.
struct MarkDelivered {
  std::uint64_t chat = 0;
  bool operator==(const MarkDelivered&) const = default;
};
struct LoadFriends {
  bool operator==(const LoadFriends&) const = default;
};
struct LoadGroups {
  bool operator==(const LoadGroups&) const = default;
};
// Names of people who are shown.
struct LoadNames {
  bool operator==(const LoadNames&) const = default;
};
struct AskFriend {
  std::string username;
  std::string greeting;
  bool operator==(const AskFriend&) const = default;
};
struct AnswerFriend {
  std::uint64_t request = 0;
  bool accept = false;
  bool operator==(const AnswerFriend&) const = default;
};
// The 1:1 with somebody, to be shown.
struct OpenWith {
  std::uint64_t user = 0;
  bool operator==(const OpenWith&) const = default;
};

using Command = std::variant<LoadNewest, LoadOlder, LoadChanges, LoadChat, SendNext, MarkRead, MarkDelivered,
                             LoadFriends, LoadGroups, LoadNames, AskFriend, AnswerFriend, OpenWith>;

}  // namespace hongyan::chat::screen
