// Frames that the reference sends: byte for byte those of the server.
#pragma once

#include <cstdint>
#include <string_view>

#include "bench/protocol/websocket.h"
#include "bench/reference/requests.h"
#include "bench/sockets/bytes.h"

namespace hongyan::bench::reference {

// What a message got.
struct Accepted {
  std::uint64_t message_id = 0;
  std::uint64_t seq = 0;
  std::uint64_t sender = 0;
  std::uint64_t time_ms = 0;
};

// Each appends one frame.
void append_ready(sockets::Bytes& out, protocol::Format format, std::string_view id, std::uint64_t user);
void append_ok(sockets::Bytes& out, protocol::Format format, std::string_view id, const Accepted& accepted);
void append_push(sockets::Bytes& out, protocol::Format format, const Request& request, const Accepted& accepted);
void append_pong(sockets::Bytes& out, protocol::Format format, std::string_view id, std::uint64_t time_ms);
void append_error(sockets::Bytes& out, protocol::Format format, std::string_view id, std::string_view code);

}  // namespace hongyan::bench::reference
