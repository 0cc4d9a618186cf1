// What the server says of itself at /metrics.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace hongyan::bench::load {

// How many commits took at most so many seconds, by that bound; a bound is also the nearest that can be said.
using CommitTimes = std::map<double, double>;

// Counters since the server's start.
struct ServerCounters {
  double messages = 0;
  double commits = 0;
  double fsyncs = 0;
  CommitTimes commit_times;
};

// Asks 127.0.0.1:`port`, which takes milliseconds: not to be called while something is measured. Throws std::runtime_error
// when there is no such page.
ServerCounters read_counters(std::uint16_t port);

// Of a page in Prometheus' text format; what it does not have is 0.
ServerCounters parse_counters(const std::string& page);

// The bound that this share of the commits between two pages did not exceed, in milliseconds; 0 when there was none.
double commit_ms_at(double share, const CommitTimes& from, const CommitTimes& to);

}  // namespace hongyan::bench::load
