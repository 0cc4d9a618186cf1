// One call of an rpc. For the .cc files of this folder: it brings gRPC's headers along.
#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "edge/grpc/call_limit.h"
#include "edge/rpc/runner.h"
#include "infra/async/scope.h"
#include "wire/dispatcher.h"

namespace hongyan::edge {

// Reads the request, runs the rpc on an io thread and answers. Owns itself until gRPC is done with it; the coroutine
// that runs the rpc keeps it longer when the client has gone before. gRPC's threads only tell the io thread what
// happened.
class UnaryCall final : public ::grpc::ServerGenericBidiReactor, public std::enable_shared_from_this<UnaryCall> {
 public:
  // Takes the call over; the answer to CreateReactor. Never null.
  static UnaryCall* begin(::grpc::GenericCallbackServerContext& context, const wire::Rpc& rpc, Runner& runner,
                          async::Scope& scope, boost::asio::io_context& io, CallLimit::Place place);

  UnaryCall(::grpc::GenericCallbackServerContext& context, const wire::Rpc& rpc, Runner& runner,
            boost::asio::io_context& io, CallLimit::Place place);

 private:
  void OnReadDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  async::Task<void> serve(std::shared_ptr<UnaryCall> self);
  async::Task<Result<wire::MessagePtr>> answer();
  // Waits until gRPC has read the request.
  async::Task<Result<void>> received();
  void finish(const Result<wire::MessagePtr>& result);
  // Whether the caller is the one to end the call; from then on gRPC may take context_ away at any time.
  bool claim_end() { return !ended_.exchange(true); }

  ::grpc::GenericCallbackServerContext& context_;
  const wire::Rpc& rpc_;
  Runner& runner_;
  boost::asio::io_context& io_;
  const CallLimit::Place place_;
  wire::Caller caller_;
  std::string authorization_;
  std::atomic<bool> ended_{false};
  ::grpc::ByteBuffer request_;
  ::grpc::ByteBuffer response_;
  // Keeps this alive until OnDone.
  std::shared_ptr<UnaryCall> self_;

  // Of the io thread. The timer ends the wait for the request.
  boost::asio::steady_timer arrival_;
  enum class Arrival { awaited, complete, broken } arrived_ = Arrival::awaited;
};

}  // namespace hongyan::edge
