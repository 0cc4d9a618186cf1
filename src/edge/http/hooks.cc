#include "edge/http/hooks.h"

#include <chrono>

#include "edge/http/rest.h"
#include "edge/rpc/fault.h"
#include "edge/rpc/runner.h"
#include "infra/log/log.h"

namespace hongyan::edge {
namespace {

constexpr std::string_view kHooksPath = "/v1/hooks/";

}  // namespace

bool Hooks::has(const std::string& path) { return path.starts_with(kHooksPath) && path.size() > kHooksPath.size(); }

async::Task<http::Response> Hooks::handle(http::Request request) {
  const std::string request_id = Runner::new_request_id();
  const Result<void> posted = co_await post(std::move(request), request_id);
  note(posted ? nullptr : &posted.error(), request_id);
  if (!posted) {
    http::Response refused = Rest::error_response(posted.error(), request_id);
    // RFC 9110 section 15.5.6.
    if (refused.status == 405) refused.headers.add("Allow", "POST");
    co_return refused;
  }
  // Without a line end: Alertmanager and Grafana compare the whole body.
  http::Response response(200, "text/plain; charset=utf-8", "ok");
  response.headers.add("Cache-Control", "no-store");
  response.headers.add("x-request-id", request_id);
  co_return response;
}

async::Task<Result<void>> Hooks::post(http::Request request, std::string request_id) {
  if (request.method != http::Method::post) co_return fail(ErrorCode::method_not_allowed);
  const auto deadline = async::deadline_in(Runner::kDeadline);
  const auto target =
      co_await integrations_.find_hook(request.path.substr(kHooksPath.size()), request.client_ip, deadline);
  if (!target) {
    HY_CO_TRY(limiter_.charge_guess(target.error(), request.client_ip, std::chrono::steady_clock::now()));
    co_return std::unexpected(target.error());
  }
  HY_CO_TRY(limiter_.charge_hook(target->hook.value, std::chrono::steady_clock::now()));
  integration::HookPost post{std::string(request.headers.get("Content-Type")), std::move(request.body),
                             std::string(request.headers.get("Idempotency-Key"))};
  const auto sent = co_await integrations_.post(*target, std::move(post), deadline);
  if (!sent) {
    log::debug("hook_refused", {{"hook", target->hook},
                                {"code", error_name(sent.error().code)},
                                {"request_id", request_id},
                                {"detail", sent.error().detail}});
    co_return std::unexpected(sent.error());
  }
  co_return Result<void>();
}

void Hooks::note(const Error* error, const std::string& request_id) {
  const std::string code(error == nullptr ? "ok" : error_name(error->code));
  metrics_.counter("hongyan_hook_posts_total", "Posts to hooks by outcome.", {{"code", code}}).Increment();
  if (error == nullptr || !is_our_fault(error->code)) return;
  log::error("hook_failed", {{"code", code}, {"request_id", request_id}, {"detail", error->detail}});
}

}  // namespace hongyan::edge
