// Protobuf bytes of a client, taken by the rules that hold for JSON (docs/protocol.md §2).
#pragma once

#include <google/protobuf/message.h>

#include <string_view>

#include "base/result.h"
#include "infra/ws/frame_builder.h"
#include "wire/frame_codec.h"

namespace hongyan::wire {

// Reads `bytes` into `message`. Fields the message does not know are dropped, so that nothing a client makes up is stored.
// Errors: invalid_argument, with `field` when an integer is beyond what JSON carries or an enum's value has no name, and
// without one when the bytes are no such message. Thread-safe.
Result<void> from_proto(std::string_view bytes, google::protobuf::Message& message);

// Reads a v1.Frame of a client; what it answers is what parse_frame() answers to the same in JSON.
Result<RequestFrame> parse_proto_frame(std::string_view bytes, const FramePrototype& prototype);

// The v1.Frame of an answer or a push, as a whole WebSocket frame; `data` is encoded in its place.
ws::SharedFrame encode_proto_frame(std::string_view type, std::string_view id, const google::protobuf::Message& data);

// Protobuf tells stderr about every malformed string; clients must not be able to fill a log. Call once, at start-up.
void quiet_protobuf_log();

}  // namespace hongyan::wire
