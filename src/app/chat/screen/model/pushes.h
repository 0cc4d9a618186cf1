// What the server tells unasked, put into the state.
#pragma once

#include <vector>

#include "app/chat/link/server_frame.h"
#include "app/chat/screen/model/state.h"

namespace hongyan::chat::screen {

// All conversations as they are now. `replaced`: of another history than before, so that only what is not sent yet is kept.
void take_list(State& state, const std::vector<v1::Conversation>& all, bool replaced);

// A conversation as it is now.
void take_conversation(State& state, const v1::Conversation& conversation);

// A message, in the order of its conversation.
void take_message(State& state, const v1::Message& message);

// A push of any type; what cannot be read or is not known changes nothing.
void take_push(State& state, const ServerFrame& push);

}  // namespace hongyan::chat::screen
