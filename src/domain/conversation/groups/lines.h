// The system lines that tell of changes of a group: the closed list of codes in docs/protocol.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/conversation/events.h"

namespace hongyan::conversation {

// Everybody in `users`, the owner included, is a member from this line on.
SystemLine group_created(UserId by, const std::string& name, std::vector<UserId> users);
SystemLine members_added(UserId by, std::vector<UserId> users);
SystemLine member_removed(UserId by, UserId user);
SystemLine member_left(UserId user);
SystemLine role_changed(UserId by, UserId user, Role role);
SystemLine owner_changed(UserId before, UserId after);
// The user has come by themselves; `by` has let them in or made the invite.
SystemLine member_joined(UserId user, std::optional<UserId> by);
SystemLine group_renamed(UserId by, const std::string& name);
SystemLine join_mode_changed(UserId by, JoinMode mode);
SystemLine mute_all_changed(UserId by, bool muted);
// 0 lets them send.
SystemLine member_muted(UserId by, UserId user, TimeMs until);
SystemLine nickname_changed(UserId by, UserId user, const std::string& nickname);
SystemLine group_dissolved(UserId by);

}  // namespace hongyan::conversation
