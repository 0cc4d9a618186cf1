// The two ways in which a socket's frames are written: JSON and protobuf (docs/protocol.md §2).
#pragma once

#include <string_view>

#include "infra/ws/frame_builder.h"
#include "wire/frame_codec.h"

namespace hongyan::wire {

// The sub-protocols of the handshake.
inline constexpr std::string_view kJsonProtocol = "hongyan.v1.json";
inline constexpr std::string_view kProtoProtocol = "hongyan.v1.proto";

enum class FrameFormat : std::uint8_t { json, proto };
inline constexpr std::size_t kFrameFormats = 2;

// Reads and writes the frames of one format. Stateless and thread-safe; there is one object a format, and it is there as long as
// the process.
class Frames {
 public:
  virtual ~Frames() = default;

  virtual FrameFormat format() const = 0;
  // Of the WebSocket messages that carry a frame; a message of the other opcode is malformed.
  virtual ws::Opcode opcode() const = 0;
  // Reads one frame. Fails with invalid_argument when it cannot be told what it is, see also RequestFrame::malformed.
  virtual Result<RequestFrame> parse(std::string_view payload, const FramePrototype& prototype) const = 0;
  // A complete WebSocket message, as a server sends it; without id when it is empty.
  virtual ws::SharedFrame encode(std::string_view type, std::string_view id,
                                 const google::protobuf::Message& data) const = 0;
  virtual ws::SharedFrame encode_error(std::string_view id, const Error& error, std::string_view request_id) const = 0;
};

// Those of a negotiated sub-protocol; JSON when there was none.
const Frames& frames_of(std::string_view protocol);
const Frames& json_frames();
const Frames& proto_frames();

}  // namespace hongyan::wire
