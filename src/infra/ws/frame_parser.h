// Takes WebSocket frames apart as their bytes arrive (RFC 6455 section 5).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "infra/ws/frame.h"
#include "infra/ws/utf8.h"

namespace hongyan::ws {

// What one connection may send.
struct ParserLimits {
  // Payload of a message over all its fragments. Exceeding it is decided from the frame header, before the payload is
  // kept.
  std::size_t max_message_bytes = 256 * 1024;
  // Frames of one message, so that endless empty fragments end too.
  std::size_t max_fragments = 1024;
};

// Why the connection must be failed, and with which close code.
struct ProtocolError {
  std::uint16_t close_code = kCloseProtocolError;
  std::string_view why;
};

// What a peer sent. The views are valid until the next call of the parser or until the input is overwritten.
struct Event {
  // text or binary: a whole message; ping, pong, close: a control frame.
  Opcode opcode = Opcode::text;
  // The message, the application data of ping and pong, the reason of a close.
  std::string_view payload;
  // Of a close only; kCloseNoCode when the frame carried none.
  std::uint16_t close_code = 0;
};

// Incremental parser for one direction of one connection. Owned by its Socket, used on its thread. A message that lies
// whole in the input is unmasked there and never copied; only one that arrives in pieces is gathered, in memory that
// grows with what has arrived, not with what was announced. Every violation is final: after an error only destroy it.
class FrameParser {
 public:
  // `role` is this end's: a server demands masked frames, a client refuses them.
  explicit FrameParser(Role role, const ParserLimits& limits = {}) : role_(role), limits_(limits) {}

  // Consumes bytes from the front of `input` (which is overwritten while unmasking and shortened by what was consumed)
  // up to the end of the next event. Nothing when the input is used up before an event is complete: call again with
  // more bytes. The text of an event is freed by the call after it, so call until nothing comes.
  std::expected<std::optional<Event>, ProtocolError> next(std::span<char>& input);

  // For messages whose first frame has not been read yet, for example to allow more once a peer is known.
  void set_max_message_bytes(std::size_t bytes) { limits_.max_message_bytes = bytes; }

  // Frames begun since the last call, fragments and control frames included.
  std::int64_t take_frame_count() { return std::exchange(frames_, 0); }

 private:
  using Step = std::expected<std::optional<Event>, ProtocolError>;

  std::expected<bool, ProtocolError> read_header(std::span<char>& input);
  std::optional<ProtocolError> check_first_two();
  std::optional<ProtocolError> check_length();
  Step read_control(std::span<char>& input);
  Step read_data(std::span<char>& input);
  Step finish_message(std::string_view payload, bool validated);
  Step finish_control();
  void unmask(std::span<char> bytes);
  void end_frame();
  bool is_control() const { return static_cast<std::uint8_t>(opcode_) >= 8; }

  const Role role_;
  ParserLimits limits_;

  // The frame header as far as it has arrived, and how long it will be (2 until the first two bytes tell).
  std::array<unsigned char, kMaxHeaderBytes> header_{};
  std::uint8_t header_size_ = 0;
  std::uint8_t header_need_ = 2;
  bool in_payload_ = false;
  bool final_ = false;
  Opcode opcode_ = Opcode::continuation;
  std::array<unsigned char, 4> mask_{};
  // Payload bytes of the current frame: how many there are, how many have been taken.
  std::uint64_t length_ = 0;
  std::uint64_t taken_ = 0;

  // The message under way; continuation means none.
  Opcode message_opcode_ = Opcode::continuation;
  std::size_t fragments_ = 0;
  std::int64_t frames_ = 0;
  std::string message_;
  // The last event pointed into message_, which is freed with the next call.
  bool message_given_ = false;
  Utf8Stream utf8_;
  // Payload of the control frame under way.
  std::string control_;
};

}  // namespace hongyan::ws
