// Where the server is, from the URL a person types.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace hongyan::chat {

// Value type.
struct ServerAddress {
  // As it was given, for messages.
  std::string text;
  // What to connect to: a name or an address without brackets.
  std::string host;
  std::string port;
  // Value of the Host header.
  std::string host_header;
  // Path before /v1 and /ws, without a slash at its end: "" or "/im".
  std::string prefix;

  // The bytes stay on this machine.
  bool is_loopback() const;
};

// Reads "http://host[:port][/prefix]". Errors: invalid_argument naming `server`; `https` is one, with a text that says
// what to do instead.
Result<ServerAddress> parse_server(std::string_view url);

}  // namespace hongyan::chat
