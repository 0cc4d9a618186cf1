#include "edge/http/front.h"

#include <fmt/format.h>

#include "edge/rpc/origin.h"
#include "wire/json_codec.h"

namespace hongyan::edge {
namespace {

constexpr std::string_view kSocketPath = "/ws";
constexpr std::string_view kDocsPath = "/docs";
constexpr std::string_view kCaptchaPath = "/captcha.html";

// What our pages may load: themselves, and nothing from anywhere else. Frames are for the one page that lets itself be framed.
constexpr char kContentSecurityPolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; frame-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; "
    "trusted-types vue worker";

// Swagger UI builds its page from strings, and has its pictures in its style sheet.
constexpr char kDocsSecurityPolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

// The one page with code of somebody else, which stands in a frame of ours: its provider's, and that only, may do there what
// it likes. Empty without a captcha.
std::string captcha_policy(const std::string& sources) {
  if (sources.empty()) return "";
  return fmt::format(
      "default-src 'none'; script-src 'self' {0}; style-src 'self' 'unsafe-inline' {0}; img-src 'self' data: {0}; "
      "font-src 'self' {0}; connect-src 'self' {0}; frame-src {0}; worker-src blob:; frame-ancestors 'self'; "
      "base-uri 'none'; form-action 'none'",
      sources);
}

// What a page may load, and whether others learn that it was here.
struct PageRules {
  std::string_view content_policy;
  const char* referrer_policy = "no-referrer";
};

void add_security_headers(http::Response& response, const PageRules& rules, std::string_view public_url) {
  response.headers.set("Content-Security-Policy", std::string(rules.content_policy));
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Referrer-Policy", rules.referrer_policy);
  response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
  // Only when the operator has said that the name is reached by https: browsers do not forget it.
  if (is_https(public_url)) response.headers.set("Strict-Transport-Security", "max-age=31536000");
}

bool is_docs(std::string_view path) {
  return path.starts_with(kDocsPath) && (path.size() == kDocsPath.size() || path[kDocsPath.size()] == '/');
}

PageRules rules_of(std::string_view path, const std::string& captcha_policy) {
  if (is_docs(path)) return {kDocsSecurityPolicy};
  // The provider has to see which site it is asked for.
  if (path == kCaptchaPath && !captcha_policy.empty()) return {captcha_policy, "strict-origin"};
  return {kContentSecurityPolicy};
}

http::Response text_response(int status, std::string text) {
  http::Response response(status, "text/plain; charset=utf-8", std::move(text));
  response.headers.add("Cache-Control", "no-store");
  return response;
}

}  // namespace

Front::Front(Rest& rest, Hooks& hooks, gateway::Gateway& gateway, const StaticPages& pages, const HttpConfig& config,
             Readiness readiness)
    : rest_(rest),
      hooks_(hooks),
      gateway_(gateway),
      pages_(pages),
      config_(config),
      readiness_(std::move(readiness)),
      captcha_policy_(captcha_policy(pages.captcha_sources)) {}

async::Task<http::Response> Front::handle(http::Request request) {
  const PageRules rules = rules_of(request.path, captcha_policy_);
  http::Response response = co_await choose(std::move(request));
  add_security_headers(response, rules, config_.public_url);
  co_return response;
}

async::Task<http::Response> Front::choose(http::Request request) {
  if (Hooks::has(request.path)) co_return co_await hooks_.handle(std::move(request));
  if (request.path == "/v1" || request.path.starts_with("/v1/")) co_return co_await rest_.handle(std::move(request));
  if (request.path == "/healthz") co_return text_response(200, "ok\n");
  if (request.path == "/readyz") co_return ready();
  if (request.path == kSocketPath) co_return refused_socket(request);
  if (request.method != http::Method::get && request.method != http::Method::head) {
    http::Response refused = error_response(ErrorCode::method_not_allowed);
    refused.headers.add("Allow", "GET, HEAD");
    co_return refused;
  }
  if (request.path == "/docs/") request.path = kDocsPath;
  if (auto file = pages_.api_docs.serve(request)) co_return *std::move(file);
  auto page = pages_.web_folder ? pages_.web_folder->serve(request) : pages_.web_client.serve(request);
  if (page) co_return *std::move(page);
  co_return error_response(ErrorCode::not_found);
}

http::Response Front::refused_socket(const http::Request& request) {
  if (is_foreign_page(request)) return error_response(ErrorCode::permission_denied);
  const auto refusal = gateway_.refusal_of(request);
  if (refusal && refusal->status == 503) return error_response(ErrorCode::unavailable);
  if (refusal && refusal->retry_after_ms) {
    return secured_error(Error::later(ErrorCode::rate_limited, *refusal->retry_after_ms));
  }
  http::Response response = error_response(ErrorCode::invalid_argument);
  if (!refusal) return response;
  response.status = refusal->status;
  if (refusal->status == 426) response.headers.set("Sec-WebSocket-Version", "13");
  return response;
}

// A browser always says where its page comes from; other clients have no Origin to forge against anybody.
bool Front::is_foreign_page(const http::Request& request) const {
  const auto origin = request.headers.find("Origin");
  return origin && !is_same_origin(*origin, request.headers.get("Host"), config_.public_url, request.secure);
}

http::Response Front::ready() const {
  const std::vector<std::string> missing = readiness_();
  if (missing.empty()) return text_response(200, "ready\n");
  std::string text = "not ready:";
  for (const std::string& what : missing) text += " " + what;
  return text_response(503, text + "\n");
}

bool Front::wants_upgrade(const http::Request& request) {
  return request.path == kSocketPath && !is_foreign_page(request) && !gateway_.refusal_of(request);
}

void Front::upgrade(std::unique_ptr<net::Stream> stream, http::Request request, std::string leftover) {
  gateway_.accept(std::move(stream), std::move(request), std::move(leftover));
}

http::Response Front::error_response(ErrorCode code) { return secured_error(Error(code)); }

http::Response Front::secured_error(const Error& error) {
  http::Response response = Rest::error_response(error, Runner::new_request_id());
  add_security_headers(response, {kContentSecurityPolicy}, config_.public_url);
  return response;
}

async::Task<http::Response> MetricsPage::handle(http::Request request) {
  if (request.path != "/metrics") co_return text_response(404, "see /metrics\n");
  co_return http::Response(200, "text/plain; version=0.0.4; charset=utf-8", text_());
}

}  // namespace hongyan::edge
