#include "wire/frames.h"

#include "hongyan/v1/frame.pb.h"
#include "wire/codec/hot_decoder.h"
#include "wire/codec/hot_proto_decoder.h"
#include "wire/error_message.h"
#include "wire/proto_codec.h"

namespace hongyan::wire {
namespace {

class JsonFrames final : public Frames {
 public:
  FrameFormat format() const override { return FrameFormat::json; }
  ws::Opcode opcode() const override { return ws::Opcode::text; }

  Result<RequestFrame> parse(std::string_view payload, const FramePrototype& prototype) const override {
    if (auto frame = parse_hot_frame(payload)) return *std::move(frame);
    return parse_frame(payload, prototype);
  }

  ws::SharedFrame encode(std::string_view type, std::string_view id,
                         const google::protobuf::Message& data) const override {
    // Gathered in memory that stays with the thread, so that the frame is one allocation of its very size.
    constexpr std::size_t kKeepBytes = std::size_t{64} * 1024;
    thread_local std::string text;
    text.clear();
    append_frame(type, id, data, text);
    auto frame = ws::make_frame(opcode(), text);
    if (text.capacity() > kKeepBytes) text = std::string();
    return frame;
  }

  ws::SharedFrame encode_error(std::string_view id, const Error& error, std::string_view request_id) const override {
    return ws::make_frame(opcode(), encode_error_frame(id, error, request_id));
  }
};

class ProtoFrames final : public Frames {
 public:
  FrameFormat format() const override { return FrameFormat::proto; }
  ws::Opcode opcode() const override { return ws::Opcode::binary; }

  Result<RequestFrame> parse(std::string_view payload, const FramePrototype& prototype) const override {
    if (auto frame = parse_hot_proto_frame(payload)) return *std::move(frame);
    return parse_proto_frame(payload, prototype);
  }

  ws::SharedFrame encode(std::string_view type, std::string_view id,
                         const google::protobuf::Message& data) const override {
    return encode_proto_frame(type, id, data);
  }

  ws::SharedFrame encode_error(std::string_view id, const Error& error, std::string_view request_id) const override {
    v1::Frame envelope;
    envelope.set_type("error");
    envelope.set_id(std::string(id));
    *envelope.mutable_error() = error_message(error, request_id);
    return ws::make_frame(opcode(), envelope.SerializeAsString());
  }
};

}  // namespace

const Frames& frames_of(std::string_view protocol) {
  return protocol == kProtoProtocol ? proto_frames() : json_frames();
}

const Frames& json_frames() {
  static const JsonFrames frames;
  return frames;
}

const Frames& proto_frames() {
  static const ProtoFrames frames;
  return frames;
}

}  // namespace hongyan::wire
