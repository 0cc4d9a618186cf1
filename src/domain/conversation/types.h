// What the conversation slice knows of a conversation and its members.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace hongyan::conversation {

enum class Type : std::uint8_t { direct = 1, group = 2, self = 3, system = 4, channel = 5 };
enum class State : std::uint8_t { normal = 1, disabled = 2, dissolved = 3 };

// One user's place in one conversation. Value type.
struct Membership {
  bool operator==(const Membership&) const = default;
  ConversationId conversation;
  UserId user;
  Type type = Type::direct;
  State state = State::normal;
  // Of a 1:1 the other person; oneself in the file helper.
  std::optional<UserId> peer;
};

// Whether one user may send to one conversation now, and whom a message reaches. Loaded by the sequencer, kept until the
// conversation or one of `depends_on` is bumped.
struct SendGuard {
  Type type = Type::direct;
  // The reason the sender may not send: not_found for strangers, not_member, account_disabled, ...
  std::optional<Error> refusal;
  // Users whose bump makes this guard stale.
  std::vector<UserId> depends_on;
  // Users whose topics get the message of a 1:1 (the sender included); empty for groups, which have a topic of their own.
  std::vector<UserId> recipients;
};

}  // namespace hongyan::conversation
