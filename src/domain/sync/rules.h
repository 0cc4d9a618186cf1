// Order and shape of conversation lists. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
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

// Where a conversation stands in a list: pinned ones first, then last activity first, the higher id first among equals.
struct Position {
  bool pinned = false;
  TimeMs time;
  ConversationId conversation;
  // Whether this one comes before the other.
  bool operator<(const Position& other) const;
};

// What users have set, by conversation; who never chose is not in it.
using SettingsBy = std::map<ConversationId, conversation::Settings>;

// A conversation's place: its newest message, or for an empty one nothing.
Position position_of(const message::Summary& summary, const SettingsBy& settings);

// Whether the user has taken it off the list, and nothing has come since.
bool is_hidden(const message::Summary& summary, const SettingsBy& settings);

// Unread messages of all that are listed and not muted; one that is only marked as unread counts as one.
std::int64_t total_unread(std::span<const message::Summary> summaries, const SettingsBy& settings);

// As text for a cursor, and back; nothing when the text is none.
std::string to_text(const Position& position);
std::optional<Position> position_from(std::string_view text);

// Indexes of the summaries of one page, in order: those after `after` that are not hidden, at most `limit`.
struct PageOrder {
  std::vector<std::size_t> indexes;
  bool more = false;
};
PageOrder page_of(std::span<const message::Summary> summaries, const SettingsBy& settings,
                  const std::optional<Position>& after, std::size_t limit);

// One conversation as `user` sees it; `peer` is the other person of a 1:1, null when unknown; `bound` is the user's of a
// group.
v1::Conversation to_proto(const conversation::Membership& membership, const message::Summary& summary,
                          const account::UserCard* peer, const std::optional<message::Bound>& bound,
                          const SettingsBy& settings);

// Who is named in these conversations, each once: other people of 1:1s, and who has written the newest messages.
std::vector<UserId> named_in(std::span<const v1::Conversation> conversations);

}  // namespace hongyan::sync
