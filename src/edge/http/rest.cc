#include "edge/http/rest.h"

#include "edge/http/session_cookie.h"
#include "infra/http/query.h"
#include "wire/frame_codec.h"
#include "wire/json_codec.h"

namespace hongyan::edge {
namespace {

constexpr std::string_view kJson = "application/json";

// Whether the body of this method carries the fields; otherwise the query does.
bool has_body(http::Method method) {
  return method == http::Method::post || method == http::Method::put || method == http::Method::patch ||
         method == http::Method::delete_;
}

Result<void> read_body(const http::Request& request, google::protobuf::Message& message) {
  if (request.body.empty()) return {};
  const std::string_view type = request.headers.get("Content-Type");
  if (!http::iequals(type.substr(0, type.find(';')), kJson)) return fail(ErrorCode::unsupported_media, "content type");
  return wire::from_json(request.body, message);
}

Result<void> read_query(const http::Request& request, google::protobuf::Message& message) {
  const auto query = http::Query::parse(request.query);
  if (!query) return fail(ErrorCode::invalid_argument, "query string");
  for (const auto& [name, value] : *query) HY_TRY(wire::set_from_text(message, name, value));
  return {};
}

// Fields of the path win over the same ones elsewhere.
Result<void> read_path(const wire::RouteMatch& match, google::protobuf::Message& message) {
  for (const auto& [field, encoded] : match.fields) {
    const auto text = http::percent_decode(encoded);
    if (!text) return fail(Error::invalid(field, "percent encoding"));
    HY_TRY(wire::set_from_text(message, field, *text));
  }
  return {};
}

http::Response json_response(int status, std::string body) {
  http::Response response(status, "application/json; charset=utf-8", std::move(body));
  response.headers.add("Cache-Control", "no-store");
  return response;
}

}  // namespace

http::Response Rest::error_response(const Error& error, const std::string& request_id) {
  std::string body = R"({"error":)";
  wire::append_error_json(error, request_id, body);
  body.push_back('}');
  http::Response response = json_response(error_status(error.code), std::move(body));
  response.headers.add("x-request-id", request_id);
  if (error.retry_after_ms) response.headers.add("Retry-After", std::to_string((*error.retry_after_ms + 999) / 1000));
  return response;
}

async::Task<http::Response> Rest::handle(http::Request request) {
  const std::string request_id = Runner::new_request_id();
  Result<http::Response> response = co_await answer(request, request_id);
  if (response) co_return *std::move(response);
  http::Response refused = error_response(response.error(), request_id);
  // RFC 9110 section 15.5.6.
  if (refused.status == 405) refused.headers.add("Allow", dispatcher_.allowed(request.path));
  co_return refused;
}

async::Task<Result<http::Response>> Rest::answer(const http::Request& request, const std::string& request_id) {
  const std::string_view verb = request.method == http::Method::head ? "GET" : http::method_name(request.method);
  HY_CO_TRY(const wire::RouteMatch match, dispatcher_.route(verb, request.path));
  const wire::Rpc& rpc = *match.rpc;

  wire::Caller caller;
  caller.ip = request.client_ip;
  caller.request_id = request_id;
  caller.deadline = async::deadline_in(Runner::kDeadline);
  HY_CO_TRY(caller, co_await runner_.admit(rpc, std::move(caller), std::string(request.headers.get("Authorization"))));

  wire::MessagePtr message = rpc.new_request();
  HY_CO_TRY(has_body(request.method) ? read_body(request, *message) : read_query(request, *message));
  HY_CO_TRY(read_path(match, *message));
  HY_CO_TRY(const SessionCookie cookie, SessionCookie::read(rpc, request, config_, *message));

  Result<wire::MessagePtr> result = co_await runner_.run(rpc, std::move(caller), std::move(message), Transport::rest);
  if (!result) {
    http::Response refused = error_response(result.error(), request_id);
    cookie.write_refusal(result.error(), refused);
    co_return refused;
  }
  http::Response response = json_response(200, {});
  response.headers.add("x-request-id", request_id);
  cookie.write(**result, response);
  response.body = http::Body(wire::to_json(**result));
  co_return response;
}

}  // namespace hongyan::edge
