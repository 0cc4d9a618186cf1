// Where somebody is named among what they have not read.
#pragma once

#include <span>
#include <vector>

#include "domain/message/api.h"
#include "domain/message/reading/history.h"
#include "domain/message/store.h"

namespace hongyan::message::reading {

// Sets `mentioned` of the user's summaries; what they may see of each and the heads stand in the same order. Blocks: call it
// on the store pool. Errors: those of the stores.
Result<void> fill_mentioned(const Stores& stores, UserId user, std::span<const Sight> sights,
                            std::span<const Head> heads, std::vector<Summary>& summaries);

}  // namespace hongyan::message::reading
