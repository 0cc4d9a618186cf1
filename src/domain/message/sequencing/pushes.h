// The pushes of messages and changes, and where they go.
#pragma once

#include <vector>

#include "domain/conversation/types.h"
#include "domain/message/sequencing/command.h"
#include "domain/message/types.h"
#include "wire/topics.h"

namespace hongyan::message::sequencing {

// The topics that get a message sent under this guard: of a group its own, else those of the people.
std::vector<wire::Topic> topics_of(const conversation::SendGuard& guard, ConversationId conversation);

// The topics that get a system line, but for those of the people it names.
std::vector<wire::Topic> topics_of_line(const SystemLineAction& line, ConversationId conversation);

// Appends the `message` push, encoded once, for each topic and for everybody who joins or leaves with it. `change`: the
// conversation's newest change.
void append_pushes(StoredMessage message, ChangeNo change, const std::vector<wire::Topic>& topics,
                   std::vector<wire::Publication>& out);

// Appends the `change` push, encoded once, for each topic. `message`: the state after it, without `mine`.
void append_pushes(const Change& change, v1::Message message, const std::vector<wire::Topic>& topics,
                   std::vector<wire::Publication>& out);

}  // namespace hongyan::message::sequencing
