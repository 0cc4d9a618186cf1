// Protobuf bytes of a client, taken by the rules that hold for JSON (docs/protocol.md §2).
#pragma once

#include <google/protobuf/message.h>

#include <string_view>

#include "base/result.h"

namespace hongyan::wire {

// Reads `bytes` into `message`. Fields the message does not know are dropped, so that nothing a client makes up is stored.
// Errors: invalid_argument, with `field` when an integer is beyond what JSON carries or an enum's value has no name, and
// without one when the bytes are no such message. Thread-safe.
Result<void> from_proto(std::string_view bytes, google::protobuf::Message& message);

// Protobuf tells stderr about every malformed string; clients must not be able to fill a log. Call once, at start-up.
void quiet_protobuf_log();

}  // namespace hongyan::wire
