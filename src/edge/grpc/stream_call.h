// Calls that stay open. For the .cc files of this folder: it brings gRPC's headers along.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/generic/async_generic_service.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <set>

#include "edge/grpc/call_limit.h"

namespace hongyan::edge {

class StreamCalls;

// One open call: what gRPC's threads report is posted to one io thread, on which everything else happens. Owns itself
// until gRPC is done with it. At most one message waits to be sent, so a client that does not read costs no more.
class StreamCall : public ::grpc::ServerGenericBidiReactor, public std::enable_shared_from_this<StreamCall> {
 public:
  StreamCall(boost::asio::io_context& io, CallLimit::Place place) : io_(io), place_(std::move(place)) {}

 protected:
  // A request has arrived.
  virtual void on_request(::grpc::ByteBuffer& request) = 0;
  // The message of send() is on its way; the next one may follow.
  virtual void on_sent() {}
  // Twice a second.
  virtual void on_tick() {}
  // The server stops: the call must end.
  virtual void on_stop() { end({::grpc::UNAVAILABLE, "the server stops"}); }

  // Waits for the next request, which must come within a minute. One at a time.
  void receive();
  // One at a time: false, and nothing happens, while a message is under way or the call has ended.
  bool send(const google::protobuf::Message& message);
  // Ends the call, after the message under way. A repeat does nothing.
  void end(::grpc::Status status);
  void end_with(const google::protobuf::Message& last, ::grpc::Status status);

 private:
  friend class StreamCalls;
  using Clock = std::chrono::steady_clock;

  void OnReadDone(bool ok) final;
  void OnWriteDone(bool ok) final;
  void OnCancel() final;
  void OnDone() final;
  void tick(Clock::time_point now);

  boost::asio::io_context& io_;
  const CallLimit::Place place_;
  ::grpc::ByteBuffer request_;
  ::grpc::ByteBuffer response_;
  std::optional<Clock::time_point> receive_until_;
  bool sending_ = false;
  bool ended_ = false;
  std::optional<::grpc::Status> ending_;
  // Keeps this alive until OnDone.
  std::shared_ptr<StreamCall> self_;
};

// Knows all open calls, so that they can be told of time and of the end. begin() from any thread, start() and stop()
// from the main thread; the rest happens on the io thread. Owned by the server; outlives the calls.
class StreamCalls {
 public:
  explicit StreamCalls(boost::asio::io_context& io) : io_(io), timer_(io) {}

  void start();
  // Ends all calls, and those that still come; waits until each has been told.
  void stop();
  // Takes the call over and waits for its request.
  StreamCall* begin(std::shared_ptr<StreamCall> call);

  boost::asio::io_context& io() { return io_; }

 private:
  void schedule();

  boost::asio::io_context& io_;
  boost::asio::steady_timer timer_;
  std::set<std::shared_ptr<StreamCall>> calls_;
  bool stopping_ = false;
};

}  // namespace hongyan::edge
