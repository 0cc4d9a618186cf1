// Who may send where. Pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/account/api.h"
#include "domain/conversation/types.h"

namespace hongyan::conversation {

// The guard of a sender whose place is `membership` (nothing for strangers). `people` holds those of the 1:1 that exist; of a
// group the sender is enough. `relation` counts in 1:1s only.
SendGuard send_guard_of(UserId sender, const std::optional<Membership>& membership,
                        std::span<const account::UserCard> people, const Relation& relation, TimeMs now);

// Whether somebody in this place (nothing for strangers) may change anything of a group. Errors: not_found, not_member,
// group_disabled, group_dissolved.
Result<void> may_act(const std::optional<Membership>& place);

// Whether somebody in this place may see a group. Errors: not_found, not_member.
Result<void> may_see(const std::optional<Membership>& place);

// Nobody acts on an equal or higher role. Errors: permission_denied.
Result<void> may_remove(Role actor, Role target);

// The owner and admins change what all see of a group. Errors: permission_denied.
Result<void> may_edit(Role actor);

// Only the owner hands the group over or ends it. Errors: permission_denied.
Result<void> may_dispose(Role actor);

// Nicknames are one's own, or a matter of who acts on lower roles. Errors: permission_denied.
Result<void> may_rename(bool oneself, Role actor, Role target);

// Only the owner makes admins and unmakes them; ownership is handed over otherwise. Errors: permission_denied.
Result<void> may_set_role(Role actor, Role target, Role wanted);

// "7,12,31" and back: people in params of lines and in columns. What is no number is left out.
std::string join_users(std::span<const UserId> users);
std::vector<UserId> split_users(std::string_view text);

}  // namespace hongyan::conversation
