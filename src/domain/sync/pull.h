// Catching up: what has moved since a client was last here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/account/events.h"
#include "domain/conversation/types.h"
#include "domain/message/api.h"
#include "hongyan/v1/sync.pb.h"

namespace hongyan::sync {

inline constexpr std::size_t kDefaultPull = 200;
inline constexpr std::size_t kMaxPull = 1000;
inline constexpr int kMaxHeld = 500;

// What an answer's `since` says: up to where its reader has seen everything. Value type.
struct Since {
  std::string epoch;
  message::Stamp stamp;
  bool operator==(const Since&) const = default;
};

// As clients carry it, and back; nothing for what is none. Not signed: who forges it misleads nobody but themselves.
std::string to_text(const Since& since);
std::optional<Since> since_from(std::string_view text);

// Where the pages of one answer go on, and what the first of them knew. Value type.
struct PullPosition {
  Since since;
  account::UserVersion version;
  ConversationId after;
  bool operator==(const PullPosition&) const = default;
};
std::string to_text(const PullPosition& position);
std::optional<PullPosition> pull_position_from(std::string_view text);

// What a client knows. A stamp of another epoch counts as none.
struct Known {
  std::optional<message::Stamp> stamp = {};
  std::unordered_map<ConversationId, v1::HeldConversation> held = {};
  // Conversations that user events of this answer speak of: they count as moved, whatever the numbers say.
  std::vector<ConversationId> named = {};
};

// How a conversation differs from what the client knows.
enum class Movement {
  none,
  moved,
  // The client knows more than there is: it drops what it holds of the conversation.
  ahead,
};
Movement movement_of(const message::Standing& standing, const Known& known);

// Whether the client lacks messages that the user may see. All that counts in a group they have left: its changes and marks go
// on without them.
bool is_short_of(const message::Standing& standing, const Known& known);

}  // namespace hongyan::sync
