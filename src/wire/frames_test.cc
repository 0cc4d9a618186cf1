#include "wire/frames.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "hongyan/v1/auth.pb.h"
#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/message.pb.h"
#include "wire/dispatcher.h"
#include "wire/proto_codec.h"
#include "wire/topics.h"

namespace hongyan::wire {
namespace {

MessagePtr prototype(std::string_view type) {
  if (type == "message.send") return std::make_unique<v1::SendRequest>();
  if (type == "auth.login") return std::make_unique<v1::LoginRequest>();
  return nullptr;
}

std::string encoded(std::string_view type, std::string_view id, std::string data) {
  v1::Frame frame;
  frame.set_type(std::string(type));
  frame.set_id(std::string(id));
  frame.set_data(std::move(data));
  return frame.SerializeAsString();
}

// The one frame of a short WebSocket message.
v1::Frame decoded(const ws::SharedFrame& message) {
  EXPECT_EQ((*message)[0], '\x82');
  EXPECT_EQ(static_cast<std::size_t>((*message)[1]), message->size() - 2);
  v1::Frame frame;
  EXPECT_TRUE(frame.ParseFromString(message->substr(2)));
  return frame;
}

TEST(Frames, AreChosenBySubProtocol) {
  EXPECT_EQ(&frames_of("hongyan.v1.proto"), &proto_frames());
  EXPECT_EQ(&frames_of("hongyan.v1.json"), &json_frames());
  EXPECT_EQ(&frames_of(""), &json_frames());
}

TEST(FrameCodec, ReadsFramesAndSaysWhatIsWrong) {
  const FramePrototype prototype = [](std::string_view type) -> MessagePtr {
    return type == "message.send" ? std::make_unique<v1::SendRequest>() : nullptr;
  };
  const auto good = parse_frame(R"({"type":"message.send","id":"a-1","data":{"client_msg_id":"x"}})", prototype);
  ASSERT_TRUE(good);
  EXPECT_FALSE(good->problem);
  EXPECT_EQ(static_cast<const v1::SendRequest&>(*good->data).client_msg_id(), "x");
  EXPECT_EQ(parse_frame(R"({"type":"nothing","id":"1"})", prototype)->problem->code, ErrorCode::unimplemented);
  EXPECT_EQ(parse_frame(R"({"type":"message.send","id":"1","data":[]})", prototype)->problem->field, "data");
  EXPECT_EQ(parse_frame(R"({"type":"message.send","id":"1","data":{"read_seq":"x"}})", prototype)->problem->field,
            "read_seq");
  EXPECT_TRUE(parse_frame(R"({"type":"message.send","id":"not ok"})", prototype)->malformed);
  EXPECT_TRUE(parse_frame(R"({"id":"1"})", prototype)->malformed);
  EXPECT_TRUE(parse_frame(R"({"type":5,"id":"1"})", prototype)->malformed);
  EXPECT_FALSE(parse_frame("[]", prototype));
}

TEST(FrameCodec, WritesAnswersAndErrors) {
  v1::PongFrame pong;
  pong.set_time_ms(5);
  EXPECT_EQ(encode_frame("pong", "9", pong), R"({"type":"pong","id":"9","data":{"time_ms":5}})");
  Error error = Error::later(ErrorCode::rate_limited, 1200, "secret detail");
  EXPECT_EQ(
      encode_error_frame("9", error, "r1"),
      R"({"type":"error","id":"9","error":{"code":"rate_limited","message":"Too many requests.","retry_after_ms":1200,"request_id":"r1"}})");
}

TEST(ProtoFrames, ReadWhatJsonFramesRead) {
  v1::SendRequest request;
  request.set_conversation_id(12);
  request.mutable_content()->mutable_text()->set_text("hi");
  const auto frame = proto_frames().parse(encoded("message.send", "a-1", request.SerializeAsString()), prototype);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->type, "message.send");
  EXPECT_EQ(frame->id, "a-1");
  EXPECT_FALSE(frame->problem);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*frame->data, request));
  EXPECT_EQ(proto_frames().parse(encoded("nothing", "1", ""), prototype)->problem->code, ErrorCode::unimplemented);
}

TEST(ProtoFrames, SayWhatIsWrong) {
  const auto problem = [](const std::string& data, std::string_view type = "message.send") {
    const auto frame = proto_frames().parse(encoded(type, "1", data), prototype);
    EXPECT_FALSE(frame->malformed);
    return frame->problem.value_or(Error()).field;
  };
  EXPECT_EQ(problem("\xff"), "data");
  // A string that is no UTF-8.
  EXPECT_EQ(problem("\x12\x01\xff"), "data");
  v1::SendRequest request;
  request.set_read_seq(std::int64_t{1} << 53);
  EXPECT_EQ(problem(request.SerializeAsString()), "read_seq");
  v1::LoginRequest login;
  login.mutable_device()->set_platform(static_cast<v1::Platform>(99));
  EXPECT_EQ(problem(login.SerializeAsString(), "auth.login"), "device.platform");

  EXPECT_FALSE(proto_frames().parse("\xff\xff", prototype));
  for (const auto& [type, id] : {std::pair("", "1"), std::pair("message.send", ""), std::pair("message.send", "a b")}) {
    EXPECT_TRUE(proto_frames().parse(encoded(type, id, ""), prototype)->malformed) << type << " " << id;
  }
  EXPECT_TRUE(proto_frames().parse("", prototype)->malformed);
}

TEST(ProtoFrames, DropFieldsNobodyKnows) {
  v1::SendRequest request;
  request.mutable_content()->mutable_text()->set_text("hi");
  std::string bytes = request.SerializeAsString();
  // Field 1000, varint 1, inside of content and behind it.
  const std::string unknown = "\xc0\x3e\x01";
  v1::SendRequest odd;
  ASSERT_TRUE(odd.mutable_content()->ParseFromString(request.content().SerializeAsString() + unknown));
  bytes = odd.SerializeAsString() + unknown;
  v1::SendRequest read;
  ASSERT_TRUE(from_proto(bytes, read));
  EXPECT_EQ(read.SerializeAsString(), request.SerializeAsString());
}

TEST(ProtoFrames, WriteAnswersErrorsAndPushes) {
  v1::PongFrame pong;
  pong.set_time_ms(5);
  const v1::Frame answer = decoded(proto_frames().encode("pong", "9", pong));
  EXPECT_EQ(answer.type(), "pong");
  EXPECT_EQ(answer.id(), "9");
  EXPECT_EQ(answer.data(), pong.SerializeAsString());
  EXPECT_FALSE(answer.has_error());

  Error error = Error::later(ErrorCode::rate_limited, 1200, "secret detail");
  error.field = "a.b";
  const v1::Frame refusal = decoded(proto_frames().encode_error("9", error, "r1"));
  EXPECT_EQ(refusal.type(), "error");
  EXPECT_EQ(refusal.error().code(), "rate_limited");
  EXPECT_EQ(refusal.error().message(), "Too many requests.");
  EXPECT_EQ(refusal.error().field(), "a.b");
  EXPECT_EQ(refusal.error().retry_after_ms(), 1200);
  EXPECT_FALSE(refusal.error().has_until_ms());
  EXPECT_EQ(refusal.error().request_id(), "r1");
}

TEST(Push, IsEncodedOnceAFormat) {
  v1::PongFrame data;
  data.set_time_ms(5);
  const SharedPush push = make_push("later", data, ConversationId(7));
  EXPECT_EQ(push->conversation(), ConversationId(7));
  EXPECT_EQ(push->frame(json_frames())->substr(2), R"({"type":"later","data":{"time_ms":5}})");
  EXPECT_EQ(push->frame(json_frames()), push->frame(json_frames()));
  const v1::Frame frame = decoded(push->frame(proto_frames()));
  EXPECT_EQ(frame.type(), "later");
  EXPECT_EQ(frame.id(), "");
  EXPECT_EQ(frame.data(), data.SerializeAsString());
  EXPECT_EQ(push->frame(proto_frames()), push->frame(proto_frames()));
}

}  // namespace
}  // namespace hongyan::wire
