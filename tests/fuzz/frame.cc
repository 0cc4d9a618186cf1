// Frames of the WebSocket, as a client sends them.
#include <string>

#include "hongyan/v1/frame.pb.h"
#include "input.h"
#include "wire/dispatcher.h"
#include "wire/frame_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hongyan;
  static const wire::Dispatcher dispatcher;
  const fuzz::Input input(data, size);
  const auto frame = wire::parse_frame(input.rest(), [](std::string_view type) -> wire::MessagePtr {
    if (type == "auth") return std::make_unique<v1::AuthFrame>();
    if (type == "ping") return std::make_unique<v1::PingFrame>();
    const wire::Rpc* rpc = dispatcher.find(type);
    return rpc == nullptr ? nullptr : rpc->new_request();
  });
  if (!frame) return 0;
  fuzz::require(frame->id.empty() || wire::valid_frame_id(frame->id), "an id is valid or not given");
  if (!frame->problem) fuzz::require(frame->data != nullptr, "a frame without a problem has data");
  return 0;
}
