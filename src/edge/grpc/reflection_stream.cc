#include "edge/grpc/reflection_stream.h"

#include "edge/grpc/call_io.h"

namespace hongyan::edge {

void ReflectionStream::on_request(::grpc::ByteBuffer& bytes) {
  ::grpc::reflection::v1::ServerReflectionRequest request;
  if (!parse_message(bytes, request)) return end({::grpc::INVALID_ARGUMENT, "no such message"});
  send(reflection_.answer(request));
}

}  // namespace hongyan::edge
