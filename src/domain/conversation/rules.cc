#include "domain/conversation/rules.h"

#include <algorithm>

namespace hongyan::conversation {
namespace {

bool is_enabled(std::span<const account::UserCard> people, UserId user) {
  return std::ranges::any_of(people,
                             [user](const account::UserCard& card) { return card.user_id == user && card.enabled; });
}

}  // namespace

SendGuard send_guard_of(UserId sender, const std::optional<Membership>& membership,
                        std::span<const account::UserCard> people) {
  SendGuard guard;
  guard.depends_on.push_back(sender);
  if (!membership) {
    // A stranger must not learn that the conversation exists.
    guard.refusal = Error(ErrorCode::not_found, "sender is no member");
    return guard;
  }
  guard.type = membership->type;
  guard.recipients.push_back(sender);
  if (membership->peer && *membership->peer != sender) {
    guard.depends_on.push_back(*membership->peer);
    guard.recipients.push_back(*membership->peer);
  }
  if (!is_enabled(people, sender)) {
    guard.refusal = Error(ErrorCode::account_disabled, "sender is disabled");
  } else if (membership->peer && !is_enabled(people, *membership->peer)) {
    guard.refusal = Error(ErrorCode::permission_denied, "peer is disabled or gone");
  } else if (membership->state != State::normal) {
    guard.refusal = Error(ErrorCode::permission_denied, "conversation is not in use");
  }
  return guard;
}

}  // namespace hongyan::conversation
