// Where the conversations of a user stand, cheap enough for thousands at once. Blocks: call it on the store pool.
#pragma once

#include <span>

#include "domain/account/api.h"
#include "domain/conversation/types.h"
#include "domain/message/api.h"
#include "domain/message/store.h"

namespace hongyan::message::reading {

// The highest numbers of the user's conversations so far. Errors: those of the stores.
Result<Stamp> read_stamp(const Stores& stores, UserId user);

// One standing for each membership of the user, in order. Errors: those of the stores and of account::Privacy.
Result<std::vector<Standing>> read_standings(const Stores& stores, account::Privacy& privacy, UserId user,
                                             std::span<const conversation::Membership> memberships);

}  // namespace hongyan::message::reading
