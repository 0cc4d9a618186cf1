// gRPC's health service, bound to whether the process may serve.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "edge/grpc/call_limit.h"
#include "grpc/health/v1/health.pb.h"

namespace hongyan::edge {

class StreamCall;
class StreamCalls;

// Immutable, thread-safe. Owned by the server.
class Health {
 public:
  using Status = ::grpc::health::v1::HealthCheckResponse::ServingStatus;

  // `ready` is asked from io threads and must not block; `services` are those that may be asked for by name.
  Health(std::function<bool()> ready, const std::set<std::string>& services)
      : ready_(std::move(ready)), services_(services) {}

  // Of a service, or of the whole server when the name is empty; SERVICE_UNKNOWN when there is none.
  Status status_of(const std::string& service) const;

  // Answers once.
  std::shared_ptr<StreamCall> check(StreamCalls& calls, CallLimit::Place place) const;
  // Answers now and after every change, until the client or the server goes.
  std::shared_ptr<StreamCall> watch(StreamCalls& calls, CallLimit::Place place) const;

 private:
  const std::function<bool()> ready_;
  const std::set<std::string>& services_;
};

}  // namespace hongyan::edge
