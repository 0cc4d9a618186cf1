// Conversations as their members see them, with the people in them.
#pragma once

#include <vector>

#include "domain/account/api.h"
#include "domain/conversation/types.h"
#include "domain/message/api.h"
#include "domain/sync/rules.h"
#include "hongyan/v1/conversation.pb.h"

namespace hongyan::sync {

// One conversation for each membership of the user, in order; `summaries` are theirs, `settings` what they have set. Errors: unavailable, timeout.
async::Task<Result<std::vector<v1::Conversation>>> describe(account::Api& accounts, message::Api& messages, UserId user,
                                                            std::vector<conversation::Membership> memberships,
                                                            std::vector<message::Summary> summaries,
                                                            SettingsBy settings, async::Deadline deadline);

}  // namespace hongyan::sync
