// The head of a response as bytes.
#pragma once

#include <string>
#include <string_view>

#include "infra/http/message.h"

namespace hongyan::http {

// Status line and headers up to and including the empty line. Length, Date and Connection are the server's: the
// response's own are left out, and so is every field whose name or value would break the head apart.
std::string response_head(const Response& response, int request_version, bool keep_alive, std::string_view date);

// Whether a response with this status has no body (RFC 9110 section 6.4.1).
constexpr bool has_no_body(int status) { return status / 100 == 1 || status == 204 || status == 304; }

}  // namespace hongyan::http
