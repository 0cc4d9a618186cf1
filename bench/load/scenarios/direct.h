// Scenario `direct`: 1:1 messages at a fixed rate, and the search for the highest rate.
#pragma once

#include "bench/load/options.h"

namespace hongyan::bench::load {

struct DirectOptions {
  // Messages a second of all together.
  double rate = 10'000;
  // How fine the schedule is.
  double tick_us = 200;
};

// Each answers the exit code.
int run_direct(const Options& options, const DirectOptions& direct);

struct SearchOptions {
  DirectOptions direct;
  // What both ack and delivery must stay below.
  double p99_ms = 5;
  // The first rate; the search goes up or down from there, up to `to`.
  double from = 2'000;
  double to = 200'000;
  // How exact: the rate that is found and the one that failed differ by less than this share.
  double precision = 0.05;
};

// Halves the stretch between a rate that was good and one that was not, with one run at each rate, the rows of all of which are
// printed: nothing is repeated.
int search_rate(const Options& options, const SearchOptions& search);

}  // namespace hongyan::bench::load
