#include "wire/frames.h"

#include "hongyan/v1/frame.pb.h"
#include "wire/codec/hot_decoder.h"
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
    v1::Frame envelope;
    // Not from_proto: nothing of the envelope is kept but what is read here.
    if (!envelope.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
      return fail(ErrorCode::invalid_argument, "not a Frame");
    }
    RequestFrame frame;
    if (valid_frame_id(envelope.id())) frame.id = std::move(*envelope.mutable_id());
    frame.type = std::move(*envelope.mutable_type());
    if (!resolve(frame, prototype)) return frame;
    if (auto read = from_proto(envelope.data(), *frame.data); !read) {
      frame.problem = std::move(read).error();
      if (frame.problem->field.empty()) frame.problem->field = "data";
    }
    return frame;
  }

  ws::SharedFrame encode(std::string_view type, std::string_view id,
                         const google::protobuf::Message& data) const override {
    v1::Frame envelope;
    data.SerializeToString(envelope.mutable_data());
    return finish(type, id, envelope);
  }

  ws::SharedFrame encode_error(std::string_view id, const Error& error, std::string_view request_id) const override {
    v1::Frame envelope;
    *envelope.mutable_error() = error_message(error, request_id);
    return finish("error", id, envelope);
  }

 private:
  ws::SharedFrame finish(std::string_view type, std::string_view id, v1::Frame& envelope) const {
    envelope.set_type(std::string(type));
    envelope.set_id(std::string(id));
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
