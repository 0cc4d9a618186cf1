// Strict checks of a request's head that stand before and after the parser: what the bytes may be, and what the
// fields must say. They refuse whatever two implementations could read differently.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "infra/http/request_parser.h"

namespace hongyan::http {

// Finds the end of a head as its bytes arrive. Lines end in CRLF and nothing else; no folded line, no NUL or other
// control character; not more bytes or lines than allowed. Value type of one request.
class HeadScanner {
 public:
  explicit HeadScanner(const RequestLimits& limits) : limits_(limits) {}

  // Looks at further bytes. The number of them that belong to the head once it is complete, nothing while it is not.
  std::expected<std::optional<std::size_t>, RequestError> feed(std::string_view bytes);

 private:
  std::optional<RequestError> step(unsigned char byte);

  const RequestLimits limits_;
  std::size_t bytes_ = 0;
  std::size_t lines_ = 0;
  std::size_t line_bytes_ = 0;
  bool after_cr_ = false;
  bool complete_ = false;
};

// Path and query of a request target: origin form, absolute form (its authority is dropped), or "*" for OPTIONS.
struct Target {
  std::string path;
  std::string query;
};
std::expected<Target, RequestError> parse_target(std::string_view target, Method method);

// Host, Content-Length, Transfer-Encoding and Expect of a parsed head.
std::optional<RequestError> check_fields(const Request& request);

}  // namespace hongyan::http
