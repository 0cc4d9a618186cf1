// What all receivers of WebSocket frames have in common.
#pragma once

#include <string>
#include <string_view>

#include "bench/load/wire/requests.h"
#include "bench/sockets/loop.h"

namespace hongyan::bench::load {

// Takes frames apart, answers pings, and notes that a socket was lost. On the loop's thread; outlives its sockets.
class FrameReceiver : public sockets::Receiver {
 public:
  // Both outlive it.
  FrameReceiver(sockets::Loop& loop, RequestWriter& requests) : loop_(loop), requests_(requests) {}

  // Why the first socket that is gone is gone; empty while all are there.
  const std::string& lost() const { return lost_; }

  std::size_t on_bytes(sockets::Socket& socket, std::span<char> bytes, sockets::Nanos now) final;
  void on_closed(sockets::Socket& socket, const std::string& why) final;

 protected:
  // A whole frame of the sub-protocol.
  virtual void on_payload(sockets::Socket& socket, std::string_view payload, sockets::Nanos now) = 0;

  sockets::Loop& loop() { return loop_; }
  RequestWriter& requests() { return requests_; }

 private:
  void on_control(sockets::Socket& socket, protocol::Opcode opcode, std::string_view payload);

  sockets::Loop& loop_;
  RequestWriter& requests_;
  std::string lost_;
};

}  // namespace hongyan::bench::load
