// `hongyan feed NAME`: a reader of the feed for the command line.
#pragma once

#include <cstdint>
#include <string>

namespace hongyan::app {

struct FollowOptions {
  std::string data;
  // Of the reader.
  std::string name;
  // Entries at most; 0 for all there are.
  std::int64_t limit = 0;
};

// Prints what was committed since the last run under this name, one JSON object a line, and acknowledges it once it is
// printed: what a crash cuts off is printed again. `{"lost_before":N}` tells of entries that are gone. Through the running
// server, or by itself when none runs. 0 on success.
int follow_feed(const FollowOptions& options);

}  // namespace hongyan::app
