#include "edge/rpc/runner.h"

#include <array>
#include <random>

#include "edge/rpc/fault.h"
#include "infra/log/log.h"

namespace hongyan::edge {
namespace {

// What an account may still do while its password must be changed first.
constexpr std::array<std::string_view, 4> kAllowedBeforePasswordChange{"user.me", "auth.change_password", "auth.logout",
                                                                       "auth.refresh"};

// By Transport: what the metrics call each edge.
constexpr std::array<std::string_view, 3> kEdges{"rest", "websocket", "grpc"};

std::string edge_name(Transport transport) { return std::string(kEdges.at(static_cast<std::size_t>(transport))); }

constexpr std::string_view kBearer = "Bearer ";

}  // namespace

struct Runner::Counters {
  // By Transport.
  std::array<metrics::Counter*, kEdges.size()> ok;
  metrics::Histogram& seconds;
};

Runner::Runner(const wire::Dispatcher& dispatcher, account::Api& accounts, integration::Api& integrations,
               RateLimiter& limiter, metrics::Metrics& metrics)
    : accounts_(accounts), integrations_(integrations), limiter_(limiter), metrics_(metrics) {
  const std::string name = "hongyan_requests_total";
  const std::string help = "Requests by rpc, edge and outcome.";
  for (const auto& [rpc_name, rpc] : dispatcher.all()) {
    const auto ok = [&](Transport transport) {
      return &metrics.counter(name, help, {{"rpc", rpc_name}, {"edge", edge_name(transport)}, {"code", "ok"}});
    };
    counters_.emplace(&rpc, std::make_unique<Counters>(Counters{
                                {ok(Transport::rest), ok(Transport::websocket), ok(Transport::grpc)},
                                metrics.histogram("hongyan_request_seconds", "Time to the answer by rpc.",
                                                  metrics::latency_buckets(), {{"rpc", rpc_name}}),
                            }));
  }
}

Runner::~Runner() = default;

async::Task<Result<account::Identity>> Runner::authenticate(std::string token, std::string ip,
                                                            async::Deadline deadline) {
  auto identity = co_await accounts_.authenticate(std::move(token), deadline);
  // Afterwards: who has a good token is not held up by neighbours who guess.
  if (!identity) HY_CO_TRY(limiter_.charge_guess(identity.error(), ip, std::chrono::steady_clock::now()));
  co_return identity;
}

async::Task<Result<wire::Caller>> Runner::admit(const wire::Rpc& rpc, wire::Caller caller, std::string authorization) {
  if (rpc.access != v1::RpcOptions::PUBLIC) {
    std::string token = authorization.starts_with(kBearer) ? authorization.substr(kBearer.size()) : std::string();
    if (token.starts_with(integration::kKeyPrefix)) {
      co_return co_await admit_key(rpc, std::move(caller), std::move(token));
    }
    HY_CO_TRY(const account::Identity identity, co_await authenticate(std::move(token), caller.ip, caller.deadline));
    HY_CO_TRY(check_access(rpc, true, identity.must_change_password));
    caller.user = identity.user;
    caller.device = identity.device;
  }
  HY_CO_TRY(charge(caller, rpc.name));
  co_return caller;
}

async::Task<Result<wire::Caller>> Runner::admit_key(const wire::Rpc& rpc, wire::Caller caller, std::string key) {
  const auto identity = co_await integrations_.authenticate(std::move(key), caller.ip, caller.deadline);
  if (!identity) {
    HY_CO_TRY(limiter_.charge_guess(identity.error(), caller.ip, std::chrono::steady_clock::now()));
    co_return std::unexpected(identity.error());
  }
  caller.user = identity->user;
  caller.key = identity->key;
  HY_CO_TRY(charge(caller, rpc.name));
  if (!rpc.for_keys || std::ranges::find(identity->scopes, rpc.name) == identity->scopes.end()) {
    co_return fail(ErrorCode::permission_denied, "no scope of the API key");
  }
  co_return caller;
}

Result<void> Runner::charge(const wire::Caller& caller, std::string_view rpc) {
  return limiter_.charge(caller, rpc, std::chrono::steady_clock::now());
}

Result<void> Runner::check_access(const wire::Rpc& rpc, bool authenticated, bool must_change_password) {
  if (rpc.access == v1::RpcOptions::PUBLIC) return {};
  if (!authenticated) return fail(ErrorCode::unauthenticated, "no token");
  if (rpc.access == v1::RpcOptions::API_KEY) return fail(ErrorCode::permission_denied, "only with an API key");
  if (must_change_password &&
      std::ranges::find(kAllowedBeforePasswordChange, rpc.name) == kAllowedBeforePasswordChange.end()) {
    return fail(ErrorCode::step_up_required, "the password must be changed first");
  }
  return {};
}

async::Task<Result<wire::MessagePtr>> Runner::run(const wire::Rpc& rpc, wire::Caller caller, wire::MessagePtr request,
                                                  Transport transport) {
  const auto begun = std::chrono::steady_clock::now();
  if (caller.device) accounts_.seen(caller.device, caller.ip);
  Result<wire::MessagePtr> response = fail(ErrorCode::internal);
  try {
    if (auto whole = rpc.check_required(*request); whole) {
      response = co_await rpc.handler(caller, std::move(request));
    } else {
      response = std::unexpected(std::move(whole).error());
    }
  } catch (const std::exception& escaped) {
    response = fail(ErrorCode::internal, std::string("exception: ") + escaped.what());
  }
  note(rpc, caller, response ? nullptr : &response.error(), begun, transport);
  co_return response;
}

bool Runner::run_directly(const wire::Rpc& rpc, const wire::Caller& caller, google::protobuf::Message& request,
                          wire::Reply& reply) {
  try {
    return rpc.direct && rpc.direct(caller, request, reply);
  } catch (const std::exception& escaped) {
    // Without a reply the request ends at its deadline.
    if (reply) reply(fail(ErrorCode::internal, std::string("exception: ") + escaped.what()));
    return true;
  }
}

void Runner::note(const wire::Rpc& rpc, const wire::Caller& caller, const Error* error, Time begun,
                  Transport transport) {
  Counters& counters = *counters_.at(&rpc);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  counters.seconds.Observe(took.count());
  if (error == nullptr) {
    counters.ok.at(static_cast<std::size_t>(transport))->Increment();
    return;
  }
  const std::string code(error_name(error->code));
  metrics_
      .counter("hongyan_requests_total", "Requests by rpc, edge and outcome.",
               {{"rpc", rpc.name}, {"edge", edge_name(transport)}, {"code", code}})
      .Increment();
  if (is_our_fault(error->code)) {
    log::error("request_failed", {{"rpc", rpc.name},
                                  {"code", code},
                                  {"request_id", caller.request_id},
                                  {"user", caller.user},
                                  {"detail", error->detail}});
  } else {
    log::debug("request_refused", {{"rpc", rpc.name},
                                   {"code", code},
                                   {"request_id", caller.request_id},
                                   {"user", caller.user},
                                   {"detail", error->detail}});
  }
}

std::string Runner::new_request_id() {
  thread_local std::mt19937_64 random{(std::uint64_t{std::random_device{}()} << 32) | std::random_device{}()};
  return fmt::format("{:016x}", random());
}

}  // namespace hongyan::edge
