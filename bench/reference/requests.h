// What clients of the reference ask, found by looking for bytes.
#pragma once

#include <cstdint>
#include <string_view>

#include "bench/protocol/websocket.h"

namespace hongyan::bench::reference {

enum class Kind : std::uint8_t { auth, send, ping, unknown };

// Views into the frame.
struct Request {
  Kind kind = Kind::unknown;
  std::string_view id;
  // Of auth.
  std::string_view token;
  // Of send. The content is taken as it is encoded, and goes out like that.
  std::uint64_t conversation = 0;
  std::string_view client_msg_id;
  std::string_view content;
};

// Of a JSON frame. The content has to be its last field, as the load generator writes it: then nothing has to be parsed.
Request read_json(std::string_view payload);

Request read_proto(std::string_view payload);

inline Request read_request(protocol::Format format, std::string_view payload) {
  return format == protocol::Format::json ? read_json(payload) : read_proto(payload);
}

}  // namespace hongyan::bench::reference
