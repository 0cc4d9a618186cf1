#include "bench/load/wire/frame_receiver.h"

#include <fmt/format.h>

#include "bench/protocol/frame_cutter.h"

namespace hongyan::bench::load {

using protocol::Opcode;
using sockets::Socket;

std::size_t FrameReceiver::on_bytes(Socket& socket, std::span<char> bytes, sockets::Nanos now) {
  return protocol::cut_frames(bytes, [&](Opcode opcode, std::string_view payload) {
    if (opcode == opcode_of(requests_.format())) {
      on_payload(socket, payload, now);
    } else {
      on_control(socket, opcode, payload);
    }
    return true;
  });
}

void FrameReceiver::on_control(Socket& socket, Opcode opcode, std::string_view payload) {
  if (opcode == Opcode::ping) {
    requests_.append_pong(loop_.write(socket), payload);
  } else if (opcode == Opcode::close && payload.size() >= 2 && lost_.empty()) {
    const auto code = static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
    lost_ = fmt::format("closed with {} {}", code, payload.substr(2));
  }
}

void FrameReceiver::on_closed(Socket&, const std::string& why) {
  if (lost_.empty()) lost_ = why;
}

}  // namespace hongyan::bench::load
