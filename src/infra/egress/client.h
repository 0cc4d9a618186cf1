// The one way out to URLs that users gave: webhooks, push endpoints, AI endpoints.
#pragma once

#include <atomic>

#include "infra/async/blocking_pool.h"
#include "infra/egress/config.h"
#include "infra/egress/guard.h"
#include "infra/egress/resolver.h"
#include "infra/egress/transfer.h"
#include "infra/metrics/metrics.h"

namespace hongyan::egress {

// Resolves a name once, connects to an address of that answer which AddressGuard permits, and to nothing else; follows no
// redirect, reuses no connection, uses no proxy. Thread-safe. Owned by the module; what it refers to outlives it.
class Client {
 public:
  Client(const Config& config, Resolver& resolver, metrics::Metrics& metrics);
  ~Client() { stop(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The answer, whatever its status. Ends by `deadline`, and within the configured time. A repeat sends again. Errors:
  // invalid_argument (URL or headers, or an address that is not permitted; which of them stands in the detail only),
  // unavailable (no such name, no connection, TLS, too many requests), timeout (the endpoint may have got the request),
  // too_large.
  async::Task<Result<Response>> send(Request request, async::Deadline deadline);

  // Ends what is under way within a second or so, and refuses what comes. A repeat does nothing.
  void stop() noexcept;

 private:
  Result<Response> fetch(const Request& request, const Target& target, async::Deadline deadline);
  Result<std::vector<boost::asio::ip::address>> permitted(const Target& target);
  void note(const Result<Response>& result);

  const Config config_;
  const AddressGuard guard_;
  Resolver& resolver_;
  metrics::Metrics& metrics_;
  std::atomic<bool> stopped_{false};
  async::BlockingPool pool_;
};

}  // namespace hongyan::egress
