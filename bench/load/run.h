// One run of a scenario: warm-up, window, the wait for what is still to come, and what is told of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "bench/load/chat.h"
#include "bench/load/figures/freezes.h"
#include "bench/load/figures/machine.h"
#include "bench/load/figures/metrics.h"
#include "bench/load/figures/row.h"
#include "bench/load/options.h"

namespace hongyan::bench::load {

// The stretch in which things count, with what the machine and the books were at its ends. One thread.
class Window {
 public:
  // Made before anything is sent.
  Window(sockets::Nanos begin, sockets::Nanos end, int server_pid)
      : begin_(begin), end_(end), server_pid_(server_pid), kernel_(sample_kernel()) {}

  // Looks at the machine when an end has passed; called once a turn.
  void pass(sockets::Nanos now, const Tally& tally);

  bool contains(sockets::Nanos time) const { return time >= begin_ && time < end_; }
  bool over() const { return to_.has_value(); }
  sockets::Nanos begin() const { return begin_; }
  sockets::Nanos end() const { return end_; }
  // The next moment at which pass() has something to do; `later` when there is none.
  sockets::Nanos next(sockets::Nanos later) const { return !from_ ? begin_ : !to_ ? end_ : later; }

  double seconds() const { return static_cast<double>(to_->at - from_->at) / static_cast<double>(sockets::kSecond); }
  // Made after everything has come.
  const FreezeWatch::Seen& freezes() const { return frozen_; }
  MachineUse use() const { return use_between(*from_, *to_, kernel_between(kernel_, sample_kernel())); }
  // What happened within it.
  Tally tally() const;

 private:
  const sockets::Nanos begin_;
  const sockets::Nanos end_;
  const int server_pid_;
  const KernelSample kernel_;
  FreezeWatch watch_;
  FreezeWatch::Seen frozen_;
  std::optional<MachineSample> from_;
  std::optional<MachineSample> to_;
  Tally tally_from_;
  Tally tally_to_;
};

// Sends later than they should have been: the generator's own failing, which the latencies contain.
struct Lateness {
  std::uint64_t late = 0;
  sockets::Nanos most = 0;

  // A send counts as late from here on.
  static constexpr sockets::Nanos kLate = sockets::kMillisecond;
};

// Whether the row can be trusted, and whether the server kept its promises.
struct Verdict {
  bool failed = false;
  bool noisy = false;
};

// Adds what all rows of sending scenarios tell, and answers what to make of it. Of a run that was cut short it tells only that.
Verdict describe(Row& row, const Chat& chat, const Window& window, const Lateness& lateness);

// Adds the server's own counters of the whole run, when there are any.
void describe_counters(Row& row, const std::optional<ServerCounters>& before,
                       const std::optional<ServerCounters>& after);

// Adds how the machine itself was. Answers whether it stood still long enough to make a p99.
bool describe_freezes(Row& row, const FreezeWatch::Seen& seen, double seconds);

// Adds CPU in cores, and the server's for each of `count` things. Answers whether others used too much of it.
bool describe_machine(Row& row, const MachineUse& use, double seconds, std::uint64_t count, std::string_view thing);

// The server's counters, when --metrics was given.
std::optional<ServerCounters> counters_of(const Options& options);

// Prints the row and answers the exit code: 0, or 2 when the server failed.
int print(Row row, const Options& options, const Verdict& verdict);

}  // namespace hongyan::bench::load
