// Reads the few JSON frames that make nearly all of what clients send, without a tree and without reflection.
#pragma once

#include <optional>
#include <string_view>

#include "wire/frame_codec.h"

namespace hongyan::wire {

// The frame, if it is a message.send of a text, a conversation.mark_read or a ping as clients ordinarily write them; then
// parse_frame would say the same. Nothing when anything is unusual (another type, unknown, repeated or missing keys, data
// before type, null, a wrong type or a number out of range, more than some KiB, bad JSON): parse_frame decides then, also
// on the error. Thread-safe.
std::optional<RequestFrame> parse_hot_frame(std::string_view json);

}  // namespace hongyan::wire
