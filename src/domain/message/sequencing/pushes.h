// The pushes of a message, and where they go.
#pragma once

#include <vector>

#include "domain/conversation/types.h"
#include "domain/message/types.h"
#include "wire/topics.h"

namespace hongyan::message::sequencing {

// The topics that get a message sent under this guard: of a group its own, else those of the people.
std::vector<wire::Topic> topics_of(const conversation::SendGuard& guard, ConversationId conversation);

// Appends the `message` push, encoded once, for each topic. `change`: the conversation's newest change.
void append_pushes(const StoredMessage& message, ChangeNo change, const std::vector<wire::Topic>& topics,
                   std::vector<wire::Publication>& out);

}  // namespace hongyan::message::sequencing
