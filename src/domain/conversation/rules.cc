#include "domain/conversation/rules.h"

#include <algorithm>

#include "base/numbers.h"

namespace hongyan::conversation {
namespace {

bool is_enabled(std::span<const account::UserCard> people, UserId user) {
  return std::ranges::any_of(people,
                             [user](const account::UserCard& card) { return card.user_id == user && card.enabled; });
}

bool is_bot(const account::UserCard& card) { return card.bot; }

// Why somebody in a group may not send; nothing when they may.
std::optional<Error> group_refusal(const Membership& place, TimeMs now) {
  if (place.state == State::dissolved) return Error(ErrorCode::group_dissolved, "the group is dissolved");
  if (place.state == State::disabled) return Error(ErrorCode::group_disabled, "the group is disabled");
  if (place.muted_until > now) {
    Error muted(ErrorCode::muted, "the sender is muted");
    muted.until_ms = place.muted_until.value;
    return muted;
  }
  if (place.mute_all && place.role == Role::member) return Error(ErrorCode::all_muted, "all members are muted");
  return std::nullopt;
}

std::optional<Error> direct_refusal(const Membership& place, std::span<const account::UserCard> people,
                                    const Relation& relation) {
  if (place.peer && !is_enabled(people, *place.peer)) {
    return Error(ErrorCode::permission_denied, "peer is disabled or gone");
  }
  if (place.state != State::normal) return Error(ErrorCode::permission_denied, "conversation is not in use");
  if (place.type == Type::self) return std::nullopt;
  if (relation.blocked) return Error(ErrorCode::blocked, "one of the two blocks the other");
  // A bot asks nobody to become a contact, and whom it writes to may answer.
  if (!relation.friends && std::ranges::none_of(people, is_bot))
    return Error(ErrorCode::not_friend, "one of the two is no contact of the other");
  return std::nullopt;
}

}  // namespace

SendGuard send_guard_of(UserId sender, const std::optional<Membership>& membership,
                        std::span<const account::UserCard> people, const Relation& relation, TimeMs now) {
  SendGuard guard;
  guard.depends_on.push_back(sender);
  if (!membership) {
    // A stranger must not learn that the conversation exists.
    guard.refusal = Error(ErrorCode::not_found, "sender is no member");
    return guard;
  }
  guard.type = membership->type;
  guard.role = membership->role;
  const bool group = membership->type == Type::group;
  if (!group) guard.recipients.push_back(sender);
  if (membership->peer && *membership->peer != sender) {
    guard.depends_on.push_back(*membership->peer);
    guard.recipients.push_back(*membership->peer);
  }
  if (membership->former) {
    guard.refusal = Error(ErrorCode::not_member, "the sender has left");
  } else if (!is_enabled(people, sender)) {
    guard.refusal = Error(ErrorCode::account_disabled, "sender is disabled");
  } else {
    guard.refusal = group ? group_refusal(*membership, now) : direct_refusal(*membership, people, relation);
  }
  if (guard.refusal && guard.refusal->code == ErrorCode::muted) guard.valid_until = membership->muted_until;
  return guard;
}

Result<void> may_see(const std::optional<Membership>& place) {
  if (!place || place->type != Type::group) return fail(ErrorCode::not_found, "no group of theirs");
  if (place->former) return fail(ErrorCode::not_member, "they have left the group");
  return {};
}

Result<void> may_act(const std::optional<Membership>& place) {
  HY_TRY(may_see(place));
  if (place->state == State::dissolved) return fail(ErrorCode::group_dissolved, "the group is dissolved");
  if (place->state == State::disabled) return fail(ErrorCode::group_disabled, "the group is disabled");
  return {};
}

Result<void> may_remove(Role actor, Role target) {
  if (actor > target) return {};
  return fail(ErrorCode::permission_denied, "nobody acts on an equal or higher role");
}

Result<void> may_edit(Role actor) {
  if (actor != Role::member) return {};
  return fail(ErrorCode::permission_denied, "only the owner and admins change a group");
}

Result<void> may_dispose(Role actor) {
  if (actor == Role::owner) return {};
  return fail(ErrorCode::permission_denied, "only the owner hands a group over or ends it");
}

Result<void> may_rename(bool oneself, Role actor, Role target) {
  if (oneself) return {};
  return may_remove(actor, target);
}

Result<void> may_set_role(Role actor, Role target, Role wanted) {
  if (actor == Role::owner && target != Role::owner && wanted != Role::owner) return {};
  return fail(ErrorCode::permission_denied, "only the owner makes admins, and nobody else an owner");
}

std::string join_users(std::span<const UserId> users) {
  std::string text;
  for (const UserId user : users) {
    if (!text.empty()) text += ',';
    text += std::to_string(user.value);
  }
  return text;
}

std::vector<UserId> split_users(std::string_view text) {
  std::vector<UserId> users;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (const auto id = number_from<std::uint64_t>(text.substr(0, end))) users.emplace_back(*id);
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return users;
}

}  // namespace hongyan::conversation
