// The stream of gRPC's reflection service. For the .cc files of this folder: it brings gRPC's headers along.
#pragma once

#include "edge/grpc/reflection.h"
#include "edge/grpc/stream_call.h"

namespace hongyan::edge {

// Answers questions one after the other: the next is read when the answer to the last is on its way.
class ReflectionStream final : public StreamCall {
 public:
  ReflectionStream(const Reflection& reflection, boost::asio::io_context& io, CallLimit::Place place)
      : StreamCall(io, std::move(place)), reflection_(reflection) {}

 private:
  void on_request(::grpc::ByteBuffer& request) override;
  void on_sent() override { receive(); }

  const Reflection& reflection_;
};

}  // namespace hongyan::edge
