// Connects everybody of a scenario.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bench/load/figures/histogram.h"
#include "bench/load/wire/requests.h"
#include "bench/protocol/people.h"
#include "bench/sockets/loop.h"

namespace hongyan::bench::load {

// Takes sockets from connect() over the upgrade and `auth` to `ready`, some at a time, then hands each to another receiver.
// Used once, on the loop's thread; outlives the dialling only, not the sockets.
class Dialer final : public sockets::Receiver {
 public:
  // All outlive it.
  Dialer(sockets::Loop& loop, RequestWriter& requests, std::uint16_t port);

  // One socket a person, in their order, tagged with the number of the person; `width` are under way at a time. Blocks until
  // all are ready. Throws std::runtime_error when one is refused, or no further one is ready for 10 s.
  std::vector<sockets::Socket*> dial(std::span<const protocol::Person> people, std::uint32_t width,
                                     sockets::Receiver& next);

  // From connect() to `ready`.
  const Histogram& latency() const { return latency_; }

  std::size_t on_bytes(sockets::Socket& socket, std::span<char> bytes, sockets::Nanos now) override;
  void on_closed(sockets::Socket& socket, const std::string& why) override;

 private:
  struct Call {
    sockets::Nanos begun = 0;
    bool upgraded = false;
  };

  void begin_next();
  bool on_frame(sockets::Socket& socket, protocol::Opcode opcode, std::string_view payload, sockets::Nanos now);

  sockets::Loop& loop_;
  RequestWriter& requests_;
  const std::uint16_t port_;
  std::string upgrade_;
  std::span<const protocol::Person> people_;
  sockets::Receiver* next_ = nullptr;
  std::vector<Call> calls_;
  std::vector<sockets::Socket*> sockets_;
  std::size_t ready_ = 0;
  Histogram latency_;
};

}  // namespace hongyan::bench::load
