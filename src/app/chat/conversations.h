// All conversations of the caller.
#pragma once

#include <vector>

#include "app/chat/transport.h"
#include "hongyan/v1/conversation.pb.h"

namespace hongyan::chat {

// Pulls the whole list, last activity first. A conversation that moves up meanwhile may come twice. Errors: as
// Transport::request.
async::Task<Result<std::vector<v1::Conversation>>> list_conversations(Transport& transport, async::Deadline deadline);

}  // namespace hongyan::chat
