// Who may send where. Pure functions.
#pragma once

#include <optional>
#include <span>

#include "domain/account/api.h"
#include "domain/conversation/types.h"

namespace hongyan::conversation {

// The guard of a sender whose place is `membership` (nothing for strangers). `people` holds those of the 1:1 that exist.
SendGuard send_guard_of(UserId sender, const std::optional<Membership>& membership,
                        std::span<const account::UserCard> people);

}  // namespace hongyan::conversation
