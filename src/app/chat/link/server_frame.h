// What the server sends over the socket, taken apart (docs/protocol.md §2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hongyan::chat {

// An answer or a push. Value type.
struct ServerFrame {
  // "ok", "error", "ready", "pong" or the type of a push.
  std::string type;
  // Of the request that is answered; empty in pushes.
  std::string id;
  // JSON of the data, "{}" when there is none.
  std::string data;
  // Of type "error". `detail` is the server's text.
  std::optional<Error> error;
};

// Reads a text frame. Errors: invalid_argument when it is no frame.
Result<ServerFrame> parse_server_frame(std::string_view json);

// The error in a REST answer {"error":{…}}, nothing when the body carries none.
std::optional<Error> parse_error_body(std::string_view json);

}  // namespace hongyan::chat
