// Where a URL that a user gave points to.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hongyan::egress {

// A URL that may be tried. Value type.
struct Target {
  // The URL written anew from its parts, so that no second reader of it can understand something else.
  std::string url;
  // A name in lower case without final dot, or an address without brackets.
  std::string host;
  // Set when the host is an address.
  std::optional<boost::asio::ip::address> address;
  std::uint16_t port = 0;
};

// Reads an absolute https URL (http too with `allow_http`). Refused as `invalid_argument`, field `url`: other schemes, a
// user name or password, ports below 1024 other than the scheme's own, names with anything but letters, digits, hyphens,
// underscores and dots (other scripts are written in punycode), and hosts that end in a number without being an address in
// its usual spelling (2130706433, 0177.0.0.1, 127.1), which resolvers would take for one.
Result<Target> parse_target(std::string_view url, bool allow_http);

}  // namespace hongyan::egress
