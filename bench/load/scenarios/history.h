// Scenario `history`: pages of 50 messages from random places.
#pragma once

#include <cstdint>

#include "bench/load/options.h"

namespace hongyan::bench::load {

// Asks message.list for the 50 messages below a random seq of a random conversation, `concurrency` at a time, each over the
// socket of somebody who is in it. Closed loop. Answers the exit code.
int run_history(const Options& options, std::uint32_t concurrency);

}  // namespace hongyan::bench::load
