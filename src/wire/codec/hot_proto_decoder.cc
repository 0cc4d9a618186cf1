#include "wire/codec/hot_proto_decoder.h"

#include <utility>

#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/message.pb.h"
#include "wire/codec/proto_field.h"

namespace hongyan::wire {
namespace {

constexpr std::string_view kSend = "message.send";

// Takes a text or bytes off the front: the tag of the field, one byte of length or two, and what it holds.
std::optional<std::string_view> take_field(std::string_view& bytes, int number) {
  constexpr unsigned kLengthDelimited = 2;
  constexpr unsigned kMore = 0x80;
  const auto byte = [&bytes](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  if (bytes.size() < 3 || byte(0) != (static_cast<unsigned>(number) << 3 | kLengthDelimited)) return std::nullopt;
  std::size_t size = byte(1);
  std::size_t begin = 2;
  if ((size & kMore) != 0) {
    // A longer one, and one that is not as short as it could be, is for the general codec.
    if ((byte(2) & kMore) != 0 || byte(2) == 0) return std::nullopt;
    size = (size & ~std::size_t{kMore}) | std::size_t{byte(2)} << 7;
    begin = 3;
  }
  if (bytes.size() - begin < size) return std::nullopt;
  const std::string_view field = bytes.substr(begin, size);
  bytes.remove_prefix(begin + size);
  return field;
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
  const auto type = take_field(bytes, v1::Frame::kTypeFieldNumber);
  if (type != kSend) return std::nullopt;
  const auto id = take_field(bytes, v1::Frame::kIdFieldNumber);
  if (!id || !valid_frame_id(*id)) return std::nullopt;
  const auto data = take_field(bytes, v1::Frame::kDataFieldNumber);
  if (!data || !bytes.empty()) return std::nullopt;
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
