// The hot codec says what the general one says: that is all there is to say about it.
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>

#include "hongyan/v1/auth.pb.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/message.pb.h"
#include "wire/codec/hot_decoder.h"
#include "wire/codec/hot_encoder.h"
#include "wire/codec/hot_proto_decoder.h"
#include "wire/json_codec.h"
#include "wire/proto_codec.h"
#include "wire/testing/random_messages.h"

namespace hongyan::wire {
namespace {

using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

std::unique_ptr<Message> send_prototype(std::string_view type) {
  if (type == "message.send") return std::make_unique<v1::SendRequest>();
  if (type == "conversation.mark_read") return std::make_unique<v1::MarkReadRequest>();
  if (type == "ping") return std::make_unique<v1::PingFrame>();
  return nullptr;
}

std::string frame_of(std::string_view type, const Message& data) {
  return R"({"type":")" + std::string(type) + R"(","id":"a-1","data":)" + to_json(data) + "}";
}

template <class T>
T random_message(unsigned seed) {
  T message;
  testing::RandomMessages(seed).fill(message);
  return message;
}

template <class T>
void expect_same_text() {
  EXPECT_TRUE(rc::check("hot and general encoder write the same text", [](unsigned seed) {
    const T message = random_message<T>(seed);
    std::string hot;
    RC_ASSERT(append_hot_json(message, hot));
    RC_ASSERT(hot == to_json(message));
    T back;
    RC_ASSERT(from_json(hot, back).has_value());
    RC_ASSERT(MessageDifferencer::Equals(message, back));
  }));
}

TEST(HotEncoder, WritesWhatTheGeneralOneWrites) {
  expect_same_text<v1::MessagePush>();
  expect_same_text<v1::ReadPush>();
  expect_same_text<v1::SendResponse>();
  expect_same_text<v1::MarkReadResponse>();
  expect_same_text<v1::ListMessagesResponse>();
  expect_same_text<v1::TypingPush>();
  expect_same_text<v1::PongFrame>();
}

TEST(HotEncoder, LeavesTheRestToTheGeneralOne) {
  std::string out = "x";
  EXPECT_FALSE(append_hot_json(v1::ReadyFrame(), out));
  EXPECT_EQ(out, "x");
}

// A send as clients ordinarily write it: a text that answers and names nobody.
v1::SendRequest random_send(unsigned seed) {
  auto send = random_message<v1::SendRequest>(seed);
  const std::string text = send.content().text().text();
  send.mutable_content()->Clear();
  send.mutable_content()->mutable_text()->set_text(text);
  send.clear_quote_seq();
  send.clear_mentions();
  return send;
}

// What the hot decoder takes, the general one takes with the same result. It may leave anything to the general one.
bool agree(const std::string& text) {
  const auto hot = parse_hot_frame(text);
  if (!hot) return true;
  const auto general = parse_frame(text, send_prototype);
  return general && !general->malformed && !general->problem && general->type == hot->type && general->id == hot->id &&
         MessageDifferencer::Equals(*general->data, *hot->data);
}

TEST(HotDecoder, TakesOrdinaryFrames) {
  EXPECT_TRUE(rc::check("what clients ordinarily write is taken", [](unsigned seed) {
    const v1::SendRequest send = random_send(seed);
    for (const std::string& text :
         {frame_of("message.send", send), frame_of("conversation.mark_read", random_message<v1::MarkReadRequest>(seed)),
          std::string(R"({"type":"ping","id":"1","data":{}})")}) {
      RC_ASSERT(parse_hot_frame(text).has_value());
      RC_ASSERT(agree(text));
    }
  }));
}

TEST(HotDecoder, AgreesOnEverySend) {
  EXPECT_TRUE(rc::check("sends of all kinds, with quotes and mentions", [](unsigned seed) {
    RC_ASSERT(agree(frame_of("message.send", random_message<v1::SendRequest>(seed))));
  }));
}

TEST(HotDecoder, AgreesOnOddFrames) {
  static const std::vector<std::string> odd{
      R"({"id":"1","type":"ping","data":{}})",
      R"({"type":"ping","id":"1"})",
      R"({"type":"ping","id":"1","data":{},"data":{}})",
      R"({"type":"ping","id":"1","data":{}} {})",
      R"({"type":"ping","id":"1","data":{}}{})",
      R"({"type":"ping","id":"1","data":{}}})",
      R"({"type":"ping","id":"1","data":{},})",
      R"({"type":"ping","id":"1","data":{"unknown":tru}})",
      R"({"type":"ping","id":"1","unknown":1,"data":{}})",
      R"({"data":{"seq":1},"type":"conversation.mark_read","id":"1"})",
      R"({"type":"conversation.mark_read","id":"1","data":{"seq":-0}})",
      R"({"type":"conversation.mark_read","id":"1","data":{"seq":01}})",
      R"({"type":"conversation.mark_read","id":"1","data":{"seq":1e1}})",
      R"({"type":"conversation.mark_read","id":"1","data":{"seq":1.0}})",
      R"({"type":"conversation.mark_read","id":"1","data":{"seq":9007199254740992}})",
      R"({"type":"conversation.mark_read","id":"1","data":{"seq":"1"}})",
      R"({"type":"conversation.mark_read","id":"1","data":{"seq":null}})",
      R"({"type":"conversation.mark_read","id":"1","data":{"seq":1,"seq":2}})",
      R"({"type":"conversation.mark_read","id":"1","data":{"conversation_id":"+1"}})",
      R"({"type":"conversation.mark_read","id":"1","data":{"conversation_id":"007"}})",
      R"({"type":"conversation.mark_read","id":"1","data":{"conversation_id":"\u0031"}})",
      R"({"type":"message.send","id":"1","data":{"content":{"text":{"text":"\ud83d\ude00 \ud800"}}}})",
      R"({"type":"message.send","id":"1","data":{"content":{"text":{"text":"\ud83d\ude00"}}}})",
      R"({"type":"message.send","id":"1","data":{"content":{"text":{}}}})",
      R"({"type":"message.send","id":"1","data":{"content":{}}})",
      R"({"type":"message.send","id":"\u0061","data":{}})",
      R"({"type":"message\u002esend","id":"1","data":{}})",
      R"({"\u0074ype":"ping","id":"1","data":{}})",
      R"([{"type":"ping","id":"1","data":{}}])",
      "",
  };
  for (const std::string& text : odd) EXPECT_TRUE(agree(text)) << text;
  EXPECT_FALSE(parse_hot_frame(R"({"type":"ping","id":"1","data":{}} {})"));
  EXPECT_FALSE(parse_hot_frame(R"({"type":"ping","id":"a b","data":{}})"));
}

// One random change: a piece is taken out, doubled, or put in.
void mutate(std::string& text, std::mt19937& random) {
  static const std::vector<std::string> pieces{
      "\"", "\\", "{",    "}",    "[",         "]", ",",    ":",    " ",       "\n",        "0",
      "-",  "1e", "null", "true", R"("x":1,)", "é", "\xff", "\x01", "\\u0041", R"(\ud800)", "9007199254740993"};
  const std::size_t at = random() % (text.size() + 1);
  const std::size_t length = random() % 12;
  switch (random() % 4) {
    case 0: text.erase(at, length); return;
    case 1: text.insert(at, text.substr(at, length)); return;
    case 2: text.insert(random() % (text.size() + 1), text.substr(at, length)); return;
    default: text.insert(at, pieces[random() % pieces.size()]);
  }
}

TEST(HotDecoder, AgreesOnMutatedFrames) {
  EXPECT_TRUE(rc::check("hot and general decoder agree", [](unsigned seed) {
    std::mt19937 random(seed);
    const v1::SendRequest send = random_send(seed);
    const std::array frames{frame_of("message.send", send),
                            frame_of("conversation.mark_read", random_message<v1::MarkReadRequest>(seed)),
                            frame_of("ping", v1::PingFrame())};
    for (int round = 0; round < 100; ++round) {
      std::string text = frames[random() % frames.size()];
      for (auto changes = 1 + random() % 4; changes > 0; --changes) mutate(text, random);
      if (!agree(text)) RC_FAIL(text);
    }
  }));
}

std::string proto_frame_of(const v1::SendRequest& data, std::string_view type = "message.send") {
  v1::Frame frame;
  frame.set_type(std::string(type));
  frame.set_id("a-1");
  data.SerializeToString(frame.mutable_data());
  return frame.SerializeAsString();
}

// What the hot decoder takes the general one takes, too, and makes the same of it.
bool agree_on_proto(const std::string& bytes) {
  const auto hot = parse_hot_proto_frame(bytes);
  if (!hot) return true;
  const auto general = parse_proto_frame(bytes, send_prototype);
  return general && !general->problem && hot->type == general->type && hot->id == general->id &&
         MessageDifferencer::Equals(*hot->data, *general->data);
}

TEST(HotProtoDecoder, TakesATextAsEveryClientWritesIt) {
  for (const std::size_t size : {1, 100, 200, 4000}) {
    v1::SendRequest request;
    request.set_conversation_id(12);
    request.set_client_msg_id("abc");
    request.mutable_content()->mutable_text()->set_text(std::string(size, 'x'));
    const auto frame = parse_hot_proto_frame(proto_frame_of(request));
    ASSERT_TRUE(frame) << size;
    EXPECT_EQ(frame->id, "a-1");
    EXPECT_TRUE(MessageDifferencer::Equals(*frame->data, request));
  }
}

TEST(HotProtoDecoder, LeavesTheRestToTheGeneralOne) {
  v1::SendRequest request;
  request.mutable_content()->mutable_text()->set_text("hi");
  EXPECT_FALSE(parse_hot_proto_frame(proto_frame_of(request, "message.edit")));
  EXPECT_FALSE(parse_hot_proto_frame(proto_frame_of(request) + proto_frame_of(request)));
  EXPECT_FALSE(parse_hot_proto_frame(""));
  v1::SendRequest reads = request;
  reads.set_read_seq(std::int64_t{1} << 53);
  EXPECT_FALSE(parse_hot_proto_frame(proto_frame_of(reads)));
  v1::SendRequest odd;
  // Field 1000, varint 1.
  ASSERT_TRUE(odd.ParseFromString(request.SerializeAsString() + "\xc0\x3e\x01"));
  EXPECT_FALSE(parse_hot_proto_frame(proto_frame_of(odd)));
}

TEST(HotProtoDecoder, AgreesOnMutatedFrames) {
  EXPECT_TRUE(rc::check("hot and general decoder agree", [](unsigned seed) {
    std::mt19937 random(seed);
    const std::string frame = proto_frame_of(random_send(seed));
    for (int round = 0; round < 100; ++round) {
      std::string bytes = frame;
      for (auto changes = 1 + random() % 3; changes > 0; --changes) {
        bytes[random() % bytes.size()] = static_cast<char>(random() % 4 == 0 ? random() : random() % 32);
      }
      if (!agree_on_proto(bytes)) RC_FAIL(bytes);
    }
  }));
}

}  // namespace
}  // namespace hongyan::wire
