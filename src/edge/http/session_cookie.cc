#include "edge/http/session_cookie.h"

#include "edge/rpc/origin.h"
#include "edge/rpc/session_wish.h"
#include "hongyan/v1/auth.pb.h"
#include "infra/http/cookie.h"

namespace hongyan::edge {
namespace {

constexpr char kName[] = "hongyan_refresh";
constexpr char kPath[] = "/v1/auth";
constexpr std::chrono::seconds kRemembered{30 * 24 * 3600};
// The value begins with how long the browser keeps it, so that a refresh keeps that choice.
constexpr std::string_view kPersistent = "p.";
constexpr std::string_view kUntilClosed = "s.";

// A page of another site can neither set the header nor forge its Origin.
Result<void> check_own_page(const http::Request& request, const HttpConfig& config) {
  if (request.headers.get("x-hongyan") != "1")
    return fail(ErrorCode::permission_denied, "cookie without header x-hongyan");
  if (!is_same_origin(request.headers.get("Origin"), request.headers.get("Host"), config.public_url, request.secure)) {
    return fail(ErrorCode::permission_denied, "cookie from a foreign origin");
  }
  return {};
}

void set_cookie(http::Response& response, std::string value, std::optional<std::chrono::seconds> max_age, bool secure) {
  const http::SetCookie cookie{
      .name = kName, .value = std::move(value), .path = kPath, .max_age = max_age, .secure = secure};
  response.headers.add("Set-Cookie", http::to_header(cookie));
}

}  // namespace

Result<SessionCookie> SessionCookie::read(const wire::Rpc& rpc, const http::Request& request, const HttpConfig& config,
                                          google::protobuf::Message& body) {
  SessionCookie cookie;
  cookie.secure_ = request.secure || is_https(config.public_url);
  const auto sent = http::find_cookie(request.headers.get("Cookie"), kName);
  if (const auto wish = session_wish(body); wish && wish->kind == v1::SESSION_KIND_COOKIE) {
    HY_TRY(check_own_page(request, config));
    cookie.use_ = Use::set;
    cookie.remember_ = wish->remember;
  } else if (auto* refresh = dynamic_cast<v1::RefreshRequest*>(&body);
             refresh != nullptr && !refresh->has_refresh_token() && sent) {
    HY_TRY(check_own_page(request, config));
    cookie.use_ = Use::set;
    cookie.from_cookie_ = true;
    cookie.remember_ = sent->starts_with(kPersistent);
    const std::size_t prefix = std::min(kPersistent.size(), sent->size());
    refresh->set_refresh_token(std::string(sent->substr(prefix)));
  } else if (rpc.name == "auth.logout" && sent) {
    cookie.use_ = Use::clear;
  }
  return cookie;
}

void SessionCookie::write(google::protobuf::Message& answer, http::Response& response) const {
  if (use_ == Use::none) return;
  if (use_ == Use::clear) return set_cookie(response, "", std::chrono::seconds(0), secure_);
  std::string token;
  if (auto* login = dynamic_cast<v1::LoginResponse*>(&answer)) {
    token = login->refresh_token();
    login->clear_refresh_token();
  } else if (auto* refresh = dynamic_cast<v1::RefreshResponse*>(&answer)) {
    token = refresh->refresh_token();
    refresh->clear_refresh_token();
  }
  const std::string_view prefix = remember_ ? kPersistent : kUntilClosed;
  set_cookie(response, std::string(prefix) + token, remember_ ? std::optional(kRemembered) : std::nullopt, secure_);
}

void SessionCookie::write_refusal(const Error& error, http::Response& response) const {
  if (from_cookie_ && error_status(error.code) == 401) set_cookie(response, "", std::chrono::seconds(0), secure_);
}

}  // namespace hongyan::edge
