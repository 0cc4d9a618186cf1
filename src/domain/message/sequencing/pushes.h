// The pushes of messages and changes, and where they go.
#pragma once

#include <boost/container/small_vector.hpp>
#include <vector>

#include "domain/conversation/types.h"
#include "domain/message/sequencing/command.h"
#include "domain/message/types.h"
#include "wire/topics.h"

namespace hongyan::message::sequencing {

// Where a push goes: to a group, or to the two of a 1:1.
using PushTopics = boost::container::small_vector<wire::Topic, 2>;

// The topics that get a message sent under this guard: of a group its own, else those of the people.
PushTopics topics_of(const conversation::SendGuard& guard, ConversationId conversation);

// The topics that get a system line, but for those of the people it names.
PushTopics topics_of_line(const SystemLineAction& line, ConversationId conversation);

// Appends the `message` push, encoded once, for each topic and for everybody who joins or leaves with it. `change`: the
// conversation's newest change.
void append_pushes(StoredMessage message, ChangeNo change, const PushTopics& topics,
                   std::vector<wire::Publication>& out);

// Appends the `change` push, encoded once, for each topic. `message`: the state after it, without `mine`.
void append_pushes(const Change& change, v1::Message message, const PushTopics& topics,
                   std::vector<wire::Publication>& out);

}  // namespace hongyan::message::sequencing
