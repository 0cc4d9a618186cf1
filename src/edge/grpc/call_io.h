// Messages and refusals in the form gRPC takes them. For the .cc files of this folder: it brings gRPC's headers along.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <string>

#include "base/error.h"

namespace hongyan::edge {

// Reads one message; false when the bytes are none, or a string in it is no UTF-8. `bytes` is empty afterwards.
bool parse_message(::grpc::ByteBuffer& bytes, google::protobuf::Message& message);

::grpc::ByteBuffer serialize_message(const google::protobuf::Message& message);

// The status of a refusal; what REST puts into the error object goes into the trailing metadata.
::grpc::Status refuse(::grpc::CallbackServerContext& context, const Error& error);

}  // namespace hongyan::edge
