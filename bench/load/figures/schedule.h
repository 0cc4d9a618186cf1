// When each message of an open loop is to be sent.
#pragma once

#include <cstdint>

#include "bench/sockets/clock.h"

namespace hongyan::bench::load {

// A fixed rate, decided beforehand: whatever the server does, message number n is due at due(n), and its latency counts from
// there. The messages of a tick are all due at its beginning, so the generator sleeps from tick to tick, and no message
// is charged for that sleep. Immutable.
class Schedule {
 public:
  // `rate` messages a second, from `begin` for `length`.
  Schedule(sockets::Nanos begin, sockets::Nanos length, double rate, sockets::Nanos tick)
      : begin_(begin), tick_(tick), interval_(static_cast<double>(sockets::kSecond) / rate) {
    count_ = static_cast<std::uint64_t>(static_cast<double>(length) / interval_);
  }

  // How many messages there are.
  std::uint64_t count() const { return count_; }

  sockets::Nanos due(std::uint64_t number) const {
    const auto exact = static_cast<sockets::Nanos>(static_cast<double>(number) * interval_);
    return begin_ + exact / tick_ * tick_;
  }

 private:
  sockets::Nanos begin_;
  sockets::Nanos tick_;
  // Nanoseconds between two messages.
  double interval_;
  std::uint64_t count_;
};

}  // namespace hongyan::bench::load
