// Strong types for ids and for the numbers of a conversation, so that none can stand for another.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace hongyan {

// A 64-bit value of one meaning. Value type; 0 means "none" for ids.
template <class Tag, class Rep>
struct Strong {
  Rep value{};

  constexpr Strong() = default;
  constexpr explicit Strong(Rep initial) : value(initial) {}
  constexpr auto operator<=>(const Strong&) const = default;
  constexpr explicit operator bool() const { return value != Rep{}; }
};

using UserId = Strong<struct UserIdTag, std::uint64_t>;
using DeviceId = Strong<struct DeviceIdTag, std::uint64_t>;
using ConversationId = Strong<struct ConversationIdTag, std::uint64_t>;
using MessageId = Strong<struct MessageIdTag, std::uint64_t>;
// What another server shows instead of a login.
using ApiKeyId = Strong<struct ApiKeyIdTag, std::uint64_t>;
// One socket.
using SessionId = Strong<struct SessionIdTag, std::uint64_t>;

// Place of a message in its conversation: dense, from 1; 0 means before the first.
using Seq = Strong<struct SeqTag, std::int64_t>;
// Number of a change in its conversation: dense, from 1.
using ChangeNo = Strong<struct ChangeNoTag, std::int64_t>;
// Countable messages up to a place.
using Ordinal = Strong<struct OrdinalTag, std::int64_t>;
// Unix milliseconds UTC.
using TimeMs = Strong<struct TimeMsTag, std::int64_t>;

}  // namespace hongyan

template <class Tag, class Rep>
struct std::hash<hongyan::Strong<Tag, Rep>> {
  std::size_t operator()(hongyan::Strong<Tag, Rep> strong) const noexcept { return std::hash<Rep>{}(strong.value); }
};
