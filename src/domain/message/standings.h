// Where the conversations of a user stand, cheap enough for thousands at once. Blocks: call it on the store pool.
#pragma once

#include <span>

#include "domain/conversation/types.h"
#include "domain/message/api.h"
#include "domain/message/cursors/cursor_store.h"
#include "domain/message/store.h"

namespace hongyan::message {

// One standing for each membership of the user, in order, with the numbers that were valid before any was read: what moves
// while this reads has a higher one. Errors: those of the stores.
Result<Standings> read_standings(MessageStore& messages, CursorStore& cursors, UserId user,
                                 std::span<const conversation::Membership> memberships);

}  // namespace hongyan::message
