// Takes HTTP/1.1 requests apart as their bytes arrive. Boost.Beast does the parsing, in one translation unit.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string_view>

#include "base/error_code.h"
#include "infra/http/message.h"

namespace hongyan::http {

struct RequestLimits {
  std::size_t max_headers = 100;
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_body_bytes = 1024 * 1024;
};

// Why a request is refused. The connection cannot go on: where the next request begins is not known.
struct RequestError {
  int status = 400;
  ErrorCode code = ErrorCode::invalid_argument;
  std::string_view why;
};

// Parser of one request. Owned by its connection, used on its thread. Refuses what two implementations could read
// differently (RFC 9112 section 11.2): Content-Length with Transfer-Encoding, repeated lengths, codings other than
// chunked, folded lines, bare CR or LF, NUL, a missing or second Host, and paths with "." or ".." segments.
class RequestParser {
 public:
  explicit RequestParser(const RequestLimits& limits);
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;

  // Takes bytes and says how many it took: all of them unless the request is complete. Not to be called afterwards,
  // nor after an error.
  std::expected<std::size_t, RequestError> feed(std::string_view bytes);

  // All of the request has arrived.
  bool complete() const;
  // The client waits for "100 Continue" before it sends the body. True once.
  bool take_expects_continue();
  // The request; once, when complete. Peer fields are the caller's to fill.
  Request take();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hongyan::http
