// Scenarios `pipelined` and `group`: closed loops, which send the next message when an earlier one is through. They tell how much
// a server can take, not how quick it is: whoever waits for answers sends less when they come late.
#pragma once

#include <cstdint>

#include "bench/load/options.h"

namespace hongyan::bench::load {

struct PipelinedOptions {
  // Messages of each writer without an ack.
  std::uint32_t outstanding = 16;
  // At most so many of the people who are connected write; 0 for all.
  std::uint32_t writers = 0;
};

// 1:1 messages. Answers the exit code.
int run_pipelined(const Options& options, const PipelinedOptions& pipelined);

struct GroupOptions {
  // Groups of exactly so many members, all connected.
  std::uint32_t members = 500;
  // At most so many of them; 0 for all there are.
  std::uint32_t groups = 0;
  // Members of each group who write.
  std::uint32_t senders = 8;
  // Messages of each group that have not reached everybody.
  std::uint32_t in_flight = 4;
};

// Messages to groups. Options::connections is not used: all members connect. Answers the exit code.
int run_group(const Options& options, const GroupOptions& group);

}  // namespace hongyan::bench::load
