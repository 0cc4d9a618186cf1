// The system lines that tell of changes of a group: the closed list of codes in docs/protocol.md.
#pragma once

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

}  // namespace hongyan::conversation
