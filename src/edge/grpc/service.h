// Every call of the gRPC port begins here. For the .cc files of this folder: it brings gRPC's headers along.
#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include <map>
#include <string>

#include "edge/grpc/config.h"
#include "edge/grpc/health.h"
#include "edge/grpc/reflection.h"
#include "edge/grpc/server.h"
#include "edge/grpc/stream_call.h"
#include "infra/async/scope.h"

namespace hongyan::edge {

// Finds what a call names: an rpc of the Dispatcher, reflection or health. Thread-safe. Owned by the server, outlives
// its calls.
class GenericService final : public ::grpc::CallbackGenericService {
 public:
  GenericService(const GrpcConfig& config, GrpcPorts ports);

  ::grpc::ServerGenericBidiReactor* CreateReactor(::grpc::GenericCallbackServerContext* context) override;

  StreamCalls& streams() { return streams_; }
  async::Scope& scope() { return scope_; }

 private:
  ::grpc::ServerGenericBidiReactor* begin_rpc(::grpc::GenericCallbackServerContext& context, const wire::Rpc& rpc);
  // Null when there is no such method.
  ::grpc::ServerGenericBidiReactor* begin_stream(::grpc::GenericCallbackServerContext& context);

  const GrpcPorts ports_;
  // "/hongyan.v1.MessageService/Send" -> the rpc.
  std::map<std::string, const wire::Rpc*, std::less<>> rpcs_;
  const Reflection reflection_;
  const Health health_;
  CallLimit calls_;
  CallLimit open_streams_;
  async::Scope scope_;
  StreamCalls streams_;
};

}  // namespace hongyan::edge
