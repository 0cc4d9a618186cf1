#include "edge/grpc/call_io.h"

#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include <algorithm>

#include "edge/grpc/status.h"

namespace hongyan::edge {
namespace {

// A name or path of a field. Metadata are printable ASCII; anything else would fail the call as a whole.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

bool parse_message(::grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  ::grpc::ProtoBufferReader reader(&bytes);
  return reader.status().ok() && message.ParseFromZeroCopyStream(&reader);
}

::grpc::ByteBuffer serialize_message(const google::protobuf::Message& message) {
  ::grpc::ByteBuffer bytes;
  const int size = static_cast<int>(message.ByteSizeLong());
  ::grpc::ProtoBufferWriter writer(&bytes, ::grpc::kProtoBufferWriterMaxBufferLength, size);
  message.SerializeToZeroCopyStream(&writer);
  return bytes;
}

::grpc::Status refuse(::grpc::CallbackServerContext& context, const Error& error) {
  context.AddTrailingMetadata("hongyan-code", std::string(error_name(error.code)));
  if (!error.field.empty() && is_plain(error.field)) context.AddTrailingMetadata("hongyan-field", error.field);
  if (error.retry_after_ms)
    context.AddTrailingMetadata("hongyan-retry-after-ms", std::to_string(*error.retry_after_ms));
  if (error.until_ms) context.AddTrailingMetadata("hongyan-until-ms", std::to_string(*error.until_ms));
  return {grpc_status(error.code), std::string(error_text(error.code))};
}

}  // namespace hongyan::edge
