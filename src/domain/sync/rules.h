// Order and shape of conversation lists. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/account/types.h"
#include "domain/conversation/types.h"
#include "domain/message/api.h"
#include "hongyan/v1/conversation.pb.h"

namespace hongyan::sync {

// Where a conversation stands in a list: last activity first, the higher id first among equals.
struct Position {
  TimeMs time;
  ConversationId conversation;
  // Whether this one comes before the other.
  bool operator<(const Position& other) const;
};

// A conversation's place: its newest message, or for an empty one nothing.
Position position_of(const message::Summary& summary);

// As text for a cursor, and back; nothing when the text is none.
std::string to_text(const Position& position);
std::optional<Position> position_from(std::string_view text);

// Indexes of the summaries of one page, in order: those after `after`, at most `limit`.
struct PageOrder {
  std::vector<std::size_t> indexes;
  bool more = false;
};
PageOrder page_of(std::span<const message::Summary> summaries, const std::optional<Position>& after, std::size_t limit);

// One conversation as `user` sees it; `peer` is the other person of a 1:1, null when unknown; `bound` is the user's of a
// group.
v1::Conversation to_proto(const conversation::Membership& membership, const message::Summary& summary,
                          const account::UserCard* peer, const std::optional<message::Bound>& bound);

}  // namespace hongyan::sync
