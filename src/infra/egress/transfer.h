// One HTTP request to an address that was found fit.
#pragma once

#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "infra/egress/target.h"

namespace hongyan::egress {

enum class Method : std::uint8_t { get, post };

using Headers = std::vector<std::pair<std::string, std::string>>;

// Value type.
struct Request {
  Method method = Method::post;
  // As the user gave it.
  std::string url;
  Headers headers;
  std::string body;
};

// Value type. A redirect is an answer like any other: nobody follows it.
struct Response {
  int status = 0;
  // In order; names as they were sent.
  Headers headers;
  std::string body;
};

struct TransferLimits {
  std::chrono::milliseconds connect;
  std::chrono::milliseconds total;
  std::size_t header_bytes;
  std::size_t body_bytes;
  // Empty: the system's authorities.
  std::string ca_file;
};

// Sends `request` to `target` over a new connection to one of `addresses`, and to nothing else. Blocks, at most
// limits.total; less when `stopped` turns true. Errors: invalid_argument (headers), unavailable (no connection, TLS, no
// HTTP), timeout, too_large.
Result<Response> transfer(const Request& request, const Target& target,
                          const std::vector<boost::asio::ip::address>& addresses, const TransferLimits& limits,
                          const std::atomic<bool>& stopped);

// Whether these can be sent: no line breaks, and none of the headers that say how the message is framed or routed.
Result<void> check_headers(const Headers& headers);

}  // namespace hongyan::egress
