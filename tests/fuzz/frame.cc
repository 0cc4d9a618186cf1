// Frames of the WebSocket, as a client sends them: in JSON, by the general and the hot decoder, and in protobuf.
#include <google/protobuf/util/message_differencer.h>

#include <string>

#include "hongyan/v1/frame.pb.h"
#include "input.h"
#include "wire/codec/hot_decoder.h"
#include "wire/dispatcher.h"
#include "wire/frames.h"
#include "wire/proto_codec.h"

namespace {

using namespace hongyan;

wire::MessagePtr prototype(std::string_view type) {
  static const wire::Dispatcher dispatcher;
  if (type == "auth") return std::make_unique<v1::AuthFrame>();
  if (type == "ping") return std::make_unique<v1::PingFrame>();
  const wire::Rpc* rpc = dispatcher.find(type);
  return rpc == nullptr ? nullptr : rpc->new_request();
}

void check(const Result<wire::RequestFrame>& frame) {
  if (!frame) return;
  fuzz::require(frame->id.empty() || wire::valid_frame_id(frame->id), "an id is valid or not given");
  fuzz::require(!frame->malformed || frame->problem, "what is malformed has a problem");
  if (!frame->problem) fuzz::require(frame->data != nullptr, "a frame without a problem has data");
}

void check_agreement(const wire::RequestFrame& hot, const Result<wire::RequestFrame>& general) {
  fuzz::require(general && !general->problem, "what the hot decoder takes, the general one takes");
  fuzz::require(hot.type == general->type && hot.id == general->id, "both read the same type and id");
  fuzz::require(google::protobuf::util::MessageDifferencer::Equals(*hot.data, *general->data),
                "both read the same data");
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  wire::quiet_protobuf_log();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input(data, size);
  const auto general = wire::parse_frame(input.rest(), prototype);
  check(general);
  if (const auto hot = wire::parse_hot_frame(input.rest())) check_agreement(*hot, general);
  check(wire::proto_frames().parse(input.rest(), prototype));
  return 0;
}
