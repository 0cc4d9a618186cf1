#include "wire/codec/hot_proto_decoder.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <limits>
#include <utility>

#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/message.pb.h"
#include "wire/codec/proto_field.h"

namespace hongyan::wire {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr std::string_view kSend = "message.send";

// The next field, if it is this text or these bytes, and not empty.
std::optional<std::string_view> take_field(CodedInputStream& in, int number) {
  std::uint32_t size = 0;
  const void* at = nullptr;
  int left = 0;
  const bool found = in.ReadTag() == WireFormatLite::MakeTag(number, WireFormatLite::WIRETYPE_LENGTH_DELIMITED) &&
                     in.ReadVarint32(&size) && in.GetDirectBufferPointer(&at, &left) &&
                     size <= static_cast<std::uint32_t>(left);
  if (!found) return std::nullopt;
  in.Skip(static_cast<int>(size));
  return std::string_view(static_cast<const char*>(at), size);
}

// Whether the request is a text and nothing besides: then its fields take all of the bytes it was read from, and tidying would
// find nothing to drop or to complain of.
bool is_plain_text(const v1::SendRequest& request, std::size_t bytes) {
  if (!request.content().has_text()) return false;
  const std::size_t text = plain_field_size(request.content().text().text().size());
  const std::size_t conversation = request.conversation_id() == 0 ? 0 : 1 + sizeof(request.conversation_id());
  return bytes == conversation + plain_field_size(request.client_msg_id().size()) + field_size(field_size(text));
}

}  // namespace

std::optional<RequestFrame> parse_hot_proto_frame(std::string_view bytes) {
  if (bytes.size() > std::numeric_limits<int>::max()) return std::nullopt;
  const auto size = static_cast<int>(bytes.size());
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()), size);
  const auto type = take_field(in, v1::Frame::kTypeFieldNumber);
  if (type != kSend) return std::nullopt;
  const auto id = take_field(in, v1::Frame::kIdFieldNumber);
  if (!id || !valid_frame_id(*id)) return std::nullopt;
  const auto data = take_field(in, v1::Frame::kDataFieldNumber);
  if (!data || in.CurrentPosition() != size) return std::nullopt;
  auto request = std::make_unique<v1::SendRequest>();
  if (!request->ParseFromArray(data->data(), static_cast<int>(data->size())) ||
      !is_plain_text(*request, data->size())) {
    return std::nullopt;
  }
  RequestFrame frame;
  frame.type = kSend;
  frame.id = *id;
  frame.data = std::move(request);
  return frame;
}

}  // namespace hongyan::wire
