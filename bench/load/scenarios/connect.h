// Scenario `connect`: how quickly people come, and what one costs who is merely there.
#pragma once

#include "bench/load/options.h"

namespace hongyan::bench::load {

struct ConnectOptions {
  // Handshakes under way at a time.
  std::uint32_t width = 64;
  // How long everybody stays.
  double hold_s = 2;
};

// Answers the exit code.
int run_connect(const Options& options, const ConnectOptions& connect);

}  // namespace hongyan::bench::load
