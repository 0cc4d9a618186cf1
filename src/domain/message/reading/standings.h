// Where the conversations of a user stand, cheap enough for thousands at once. Blocks: call it on the store pool.
#pragma once

#include <span>

#include "domain/account/api.h"
#include "domain/conversation/types.h"
#include "domain/message/api.h"
#include "domain/message/store.h"

namespace hongyan::message::reading {

// One standing for each membership of the user, in order, with the numbers that were valid before any was read: what moves
// while this reads has a higher one. Errors: those of the stores and of account::Privacy.
Result<Standings> read_standings(const Stores& stores, account::Privacy& privacy, UserId user,
                                 std::span<const conversation::Membership> memberships);

}  // namespace hongyan::message::reading
