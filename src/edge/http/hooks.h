// POST /v1/hooks/{token}: what other systems post into groups.
#pragma once

#include <string>

#include "domain/integration/api.h"
#include "edge/rpc/rate_limiter.h"
#include "infra/http/message.h"
#include "infra/metrics/metrics.h"

namespace hongyan::edge {

// No rpc: what comes is in the form of others, and the answer is the one they wait for. The token stands in the path, so nothing
// of the path is ever logged. Thread-safe. Owned by the http module; what it is made with outlives it.
class Hooks {
 public:
  Hooks(integration::Api& integrations, RateLimiter& limiter, metrics::Metrics& metrics)
      : integrations_(integrations), limiter_(limiter), metrics_(metrics) {}

  // Whether the path is that of a hook.
  static bool has(const std::string& path);

  // Always answers: 200 with `ok` as plain text, as Slack does, or an error object with the status of the table.
  async::Task<http::Response> handle(http::Request request);

 private:
  async::Task<Result<void>> post(http::Request request, std::string request_id);
  void note(const Error* error, const std::string& request_id);

  integration::Api& integrations_;
  RateLimiter& limiter_;
  metrics::Metrics& metrics_;
};

}  // namespace hongyan::edge
