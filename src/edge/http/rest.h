// The REST form of every rpc: path, query and body in, JSON out.
#pragma once

#include <optional>
#include <string>

#include "edge/http/config.h"
#include "edge/rpc/runner.h"
#include "infra/http/message.h"
#include "wire/dispatcher.h"

namespace hongyan::edge {

// Answers /v1/… requests. Thread-safe. Owned by the http module.
class Rest {
 public:
  Rest(const wire::Dispatcher& dispatcher, Runner& runner, const HttpConfig& config)
      : dispatcher_(dispatcher), runner_(runner), config_(config) {}

  // Always answers: 200 with the response message, or an error object with the status of the table.
  async::Task<http::Response> handle(http::Request request);

  // The answer to a refusal that has no request id yet.
  static http::Response error_response(const Error& error, const std::string& request_id);

 private:
  async::Task<Result<http::Response>> answer(const http::Request& request, const std::string& request_id);

  const wire::Dispatcher& dispatcher_;
  Runner& runner_;
  const HttpConfig& config_;
};

}  // namespace hongyan::edge
