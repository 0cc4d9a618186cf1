// The bytes of WebSocket frames (RFC 6455 section 5.2), written for this folder alone: the load generator must not share code
// with the server it measures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "bench/sockets/bytes.h"

namespace hongyan::bench::protocol {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// How frames are written: sub-protocol hongyan.v1.json or hongyan.v1.proto.
enum class Format : std::uint8_t { json, proto };

constexpr Opcode opcode_of(Format format) { return format == Format::json ? Opcode::text : Opcode::binary; }
constexpr std::string_view subprotocol_of(Format format) {
  return format == Format::json ? "hongyan.v1.json" : "hongyan.v1.proto";
}
constexpr std::string_view name_of(Format format) { return format == Format::json ? "json" : "proto"; }

// The key that masks a frame, as its four bytes lie in memory.
using Mask = std::uint32_t;

// What stands before a payload.
struct FrameHead {
  Opcode opcode = Opcode::text;
  bool final = true;
  // Of a client's frame.
  std::optional<Mask> mask;
  std::size_t head_bytes = 0;
  std::size_t payload_bytes = 0;

  std::size_t bytes() const { return head_bytes + payload_bytes; }
};

// Nothing when `bytes` end within the head.
std::optional<FrameHead> read_head(std::string_view bytes);

inline constexpr std::size_t kLongestHead = 14;

// Writes a head to `out`, which has room for the longest, and answers its length.
std::size_t write_head(char* out, Opcode opcode, std::size_t payload_bytes, std::optional<Mask> mask);

// Masks or unmasks in place; the payload begins at its first byte.
void apply_mask(char* payload, std::size_t count, Mask mask);

// Appends a whole frame, masked when there is a mask.
void append_frame(sockets::Bytes& out, Opcode opcode, std::string_view payload, std::optional<Mask> mask);

// Different masks for the frames of a client; RFC 6455 wants them unpredictable for proxies on the way, of which there is none.
class Masks {
 public:
  explicit Masks(std::uint64_t seed) : state_(seed | 1U) {}

  Mask next() {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return static_cast<Mask>(state_);
  }

 private:
  std::uint64_t state_;
};

}  // namespace hongyan::bench::protocol
