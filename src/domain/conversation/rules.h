// Who may send where. Pure functions.
#pragma once

#include <optional>
#include <span>

#include "domain/account/api.h"
#include "domain/conversation/types.h"

namespace hongyan::conversation {

// The guard of a sender whose place is `membership` (nothing for strangers). `people` holds those of the 1:1 that exist; of a
// group the sender is enough.
SendGuard send_guard_of(UserId sender, const std::optional<Membership>& membership,
                        std::span<const account::UserCard> people, TimeMs now);

// Whether somebody in this place (nothing for strangers) may change anything of a group. Errors: not_found, not_member,
// group_disabled, group_dissolved.
Result<void> may_act(const std::optional<Membership>& place);

// Whether somebody in this place may see a group. Errors: not_found, not_member.
Result<void> may_see(const std::optional<Membership>& place);

// Nobody acts on an equal or higher role. Errors: permission_denied.
Result<void> may_remove(Role actor, Role target);

// Only the owner makes admins and unmakes them; ownership is handed over otherwise. Errors: permission_denied.
Result<void> may_set_role(Role actor, Role target, Role wanted);

}  // namespace hongyan::conversation
