// Reads the one binary frame that makes nearly all of what clients send, without copying its parts and without reflection.
#pragma once

#include <optional>
#include <string_view>

#include "wire/frame_codec.h"

namespace hongyan::wire {

// The frame, if it is a message.send of a text that refers to nothing, as every encoder writes it; then parse_proto_frame
// would say the same. Nothing when anything is unusual (another type, fields that are missing, repeated, unknown or in another
// order, bad bytes): parse_proto_frame decides then, also on the error. Thread-safe.
std::optional<RequestFrame> parse_hot_proto_frame(std::string_view bytes);

}  // namespace hongyan::wire
