// Cookie sessions of browsers: the refresh token travels in an HttpOnly cookie, never in a body a script could read.
#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>

#include "base/result.h"
#include "edge/http/config.h"
#include "infra/http/message.h"
#include "wire/dispatcher.h"

namespace hongyan::edge {

// The cookie part of one request. Lives as long as the request is handled.
class SessionCookie {
 public:
  // Looks at the request of `rpc` and, for auth.refresh without a token of its own, puts the cookie's token into it.
  // Errors: permission_denied when a cookie is asked for or used by a page that is not ours (Origin, header x-hongyan).
  static Result<SessionCookie> read(const wire::Rpc& rpc, const http::Request& request, const HttpConfig& config,
                                    google::protobuf::Message& body);

  // Moves the answer's refresh token into the cookie, or clears the cookie on logout.
  void write(google::protobuf::Message& answer, http::Response& response) const;

  // Clears a cookie whose token was refused, so that the browser stops to send it.
  void write_refusal(const Error& error, http::Response& response) const;

 private:
  enum class Use { none, set, clear };
  Use use_ = Use::none;
  bool remember_ = false;
  bool secure_ = false;
  bool from_cookie_ = false;
};

}  // namespace hongyan::edge
