// Builds WebSocket frames (RFC 6455 section 5.2).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "infra/ws/frame.h"

namespace hongyan::ws {

// An encoded frame, built once and shared by all sockets that send it.
using SharedFrame = std::shared_ptr<const std::string>;

// Random key of a client's frame.
using MaskKey = std::array<unsigned char, 4>;

// A whole frame as a server sends it, unmasked. `final` is false for all but the last fragment of a message.
std::string encode_frame(Opcode opcode, std::string_view payload, bool final = true);
// The same, ready to be sent to many.
SharedFrame make_frame(Opcode opcode, std::string_view payload);

// A frame whose payload is still to be written: its header, with room for `size` bytes behind it.
std::string begin_frame(Opcode opcode, std::size_t size);

// The same, of a payload that `write(char* to)` puts in its place: `size` bytes.
template <class Write>
SharedFrame make_frame(Opcode opcode, std::size_t size, Write write) {
  std::string frame = begin_frame(opcode, size);
  const std::size_t header = frame.size();
  frame.resize(header + size);
  write(frame.data() + header);
  return std::make_shared<const std::string>(std::move(frame));
}

// A whole frame as a client sends it. RFC 6455 section 10.3 wants a fresh, unpredictable key for each frame.
std::string encode_masked_frame(Opcode opcode, std::string_view payload, MaskKey key, bool final = true);
// A key from the system's random source.
MaskKey random_mask_key();

// Payload of a Close frame; a reason that does not fit is cut at a character's end. kCloseNoCode gives an empty
// payload.
std::string close_payload(std::uint16_t code, std::string_view reason);

}  // namespace hongyan::ws
