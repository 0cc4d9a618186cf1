// One call of an rpc, the same for every edge: who may, how long, how often, what went wrong.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/id_generator.h"
#include "domain/account/api.h"
#include "domain/integration/api.h"
#include "edge/rpc/rate_limiter.h"
#include "infra/metrics/metrics.h"
#include "wire/caller.h"
#include "wire/dispatcher.h"

namespace hongyan::edge {

// How a request came in.
enum class Transport { rest, websocket, grpc };

// Runs handlers. Thread-safe. Owned by the rpc module; what it refers to outlives it.
class Runner {
 public:
  // Every request ends within this.
  static constexpr std::chrono::milliseconds kDeadline{10'000};
  using Time = std::chrono::steady_clock::time_point;

  Runner(const wire::Dispatcher& dispatcher, account::Api& accounts, integration::Api& integrations,
         RateLimiter& limiter, metrics::Metrics& metrics);
  ~Runner();

  // Who the access token speaks for. A token that is none counts as a request without. Errors: unauthenticated,
  // token_expired, token_revoked, account_disabled, rate_limited.
  async::Task<Result<account::Identity>> authenticate(std::string token, std::string ip, async::Deadline deadline);

  // Lets a request in, before anybody reads what it says: answers the caller with who they are by the header
  // `authorization`, where the rpc asks for that; it may hold an API key. Errors: those of authenticate(), of check_access()
  // and of charge(); permission_denied for what is not for this key.
  async::Task<Result<wire::Caller>> admit(const wire::Rpc& rpc, wire::Caller caller, std::string authorization);

  // Whether this user may call this rpc at all: permission_denied for what is for API keys alone, step_up_required while the
  // password must be changed first.
  static Result<void> check_access(const wire::Rpc& rpc, bool authenticated, bool must_change_password);

  // Charges a request to the limits of its caller. For who knows the caller already; admit() does it by itself. Error:
  // rate_limited.
  Result<void> charge(const wire::Caller& caller, std::string_view rpc);

  // Calls the handler. Never throws: an exception becomes `internal`. Failures that are ours are logged with the request
  // id; the client gets the code alone.
  async::Task<Result<wire::MessagePtr>> run(const wire::Rpc& rpc, wire::Caller caller, wire::MessagePtr request,
                                            Transport transport);

  // The same without a coroutine, for an rpc that can be asked directly. False, and nothing has happened, when this request
  // cannot. The caller needs no request id. Who asked calls note() with the reply.
  bool run_directly(const wire::Rpc& rpc, const wire::Caller& caller, google::protobuf::Message& request,
                    wire::Reply& reply);
  // Counts a request that has ended, and logs it when it failed; the caller needs its request id when there is an error.
  void note(const wire::Rpc& rpc, const wire::Caller& caller, const Error* error, Time begun, Transport transport);

  // A request id: 16 hex digits, unique in this process's life and unlikely to repeat beyond it.
  static std::string new_request_id();

 private:
  struct Counters;

  async::Task<Result<wire::Caller>> admit_key(const wire::Rpc& rpc, wire::Caller caller, std::string key);

  account::Api& accounts_;
  integration::Api& integrations_;
  RateLimiter& limiter_;
  metrics::Metrics& metrics_;
  std::unordered_map<const wire::Rpc*, std::unique_ptr<Counters>> counters_;
};

}  // namespace hongyan::edge
