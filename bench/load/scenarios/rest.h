// Scenario `rest`: POST /v1/messages.
#pragma once

#include "bench/load/options.h"

namespace hongyan::bench::load {

// 1:1 messages over connections that are kept alive, one request of each at a time. Closed loop; nobody is connected over a
// socket, so nothing is delivered. Answers the exit code.
int run_rest(const Options& options);

}  // namespace hongyan::bench::load
