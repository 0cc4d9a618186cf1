// What a key does.
#pragma once

#include "app/chat/screen/model/state.h"
#include "app/chat/screen/text/key.h"
#include "infra/crypto/random.h"

namespace hongyan::chat::screen {

// Changes the state at once; what the server has to do for it becomes a command. `random` makes the ids of messages.
void press(State& state, const Key& key, crypto::RandomSource& random);

}  // namespace hongyan::chat::screen
