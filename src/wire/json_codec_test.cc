#include "wire/json_codec.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <random>

#include "hongyan/v1/auth.pb.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/message.pb.h"
#include "wire/dispatcher.h"
#include "wire/frame_codec.h"

namespace hongyan::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

TEST(JsonWriter, FollowsTheRules) {
  v1::Conversation conversation;
  conversation.set_conversation_id(18446744073709551615ull);
  conversation.set_type(v1::CONVERSATION_TYPE_DIRECT);
  conversation.set_title("a\"\\\n\x01é");
  EXPECT_EQ(to_json(conversation),
            R"({"conversation_id":"18446744073709551615","type":"direct","title":"a\"\\\n\u0001é","avatar":"",)"
            R"("seq":0,"change":0,"floor_seq":0,"read_seq":0,"unread":0})");
  conversation.set_peer_read_seq(0);
  EXPECT_NE(to_json(conversation).find("\"peer_read_seq\":0"), std::string::npos);
  EXPECT_EQ(to_json(v1::SearchUsersResponse()), R"({"items":[]})");
}

TEST(JsonReader, IgnoresUnknownFieldsAndNull) {
  v1::SendRequest request;
  ASSERT_TRUE(from_json(
      R"({"conversation_id":"12","client_msg_id":null,"later":{"x":[1]},"content":{"text":{"text":"hi"}}})", request));
  EXPECT_EQ(request.conversation_id(), 12u);
  EXPECT_EQ(request.content().text().text(), "hi");
  EXPECT_FALSE(request.has_read_seq());
}

TEST(JsonReader, WrongTypesNameThePath) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"conversation_id":12})", "conversation_id"},
      {R"({"conversation_id":"x"})", "conversation_id"},
      {R"({"conversation_id":"-1"})", "conversation_id"},
      {R"({"conversation_id":"99999999999999999999"})", "conversation_id"},
      {R"({"content":{"text":{"text":5}}})", "content.text.text"},
      {R"({"content":[]})", "content"},
      {R"({"read_seq":"5"})", "read_seq"},
      {R"({"read_seq":1.5})", "read_seq"},
      {R"({"read_seq":9007199254740992})", "read_seq"},
  };
  for (const auto& [json, field] : cases) {
    v1::SendRequest request;
    const auto read = from_json(json, request);
    ASSERT_FALSE(read) << json;
    EXPECT_EQ(read.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(read.error().field, field) << json;
  }
  v1::LoginRequest login;
  EXPECT_EQ(from_json(R"({"device":{"platform":"toaster"}})", login).error().field, "device.platform");
  EXPECT_EQ(from_json(R"({"device":{"platform":"unspecified"}})", login).error().field, "device.platform");
  v1::SearchUsersResponse list;
  EXPECT_EQ(from_json(R"({"items":[{},{"version":"x"}]})", list).error().field, "items.1.version");
}

TEST(JsonReader, RefusesWhatIsNoObject) {
  for (const std::string& json :
       {std::string(), std::string("null"), std::string("[1]"), std::string("{"), std::string("{}x"),
        std::string("{\"a\":\"\xff\"}"), std::string("{\"a\":\"\\ud800\"}"),
        std::string(20'000, '[') + std::string(20'000, ']'),
        "{\"a\":" + std::string(20'000, '[') + std::string(20'000, ']') + "}"}) {
    v1::SendRequest request;
    EXPECT_FALSE(from_json(json, request)) << json.substr(0, 20);
  }
}

TEST(JsonReader, TextFromPathsAndQueries) {
  v1::ListMessagesRequest request;
  ASSERT_TRUE(set_from_text(request, "conversation_id", "7"));
  ASSERT_TRUE(set_from_text(request, "before", "12"));
  ASSERT_TRUE(set_from_text(request, "unknown", "12"));
  EXPECT_EQ(request.conversation_id(), 7u);
  EXPECT_EQ(request.before(), 12);
  EXPECT_EQ(set_from_text(request, "limit", "99999999999").error().field, "limit");
  EXPECT_EQ(set_from_text(request, "limit", "").error().field, "limit");
  EXPECT_EQ(set_from_text(request, "limit", "1x").error().field, "limit");
  v1::SearchUsersRequest search;
  EXPECT_EQ(set_from_text(search, "q", "\xff").error().field, "q");
}

// A message with random fields. Depth bounded, text with the characters JSON has to escape.
class RandomMessages {
 public:
  explicit RandomMessages(unsigned seed) : random_(seed) {}

  void fill(Message& message, int depth = 0) {
    const auto& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (random_() % 3 == 0) continue;
      const int count = field.is_repeated() ? static_cast<int>(random_() % 4) : 1;
      for (int n = 0; n < count; ++n) set(message, field, depth);
    }
  }

 private:
  std::string text() {
    static const std::vector<std::string> parts{"a",    "\"", "\\", "\n",  std::string(1, '\0'), "\x7f", "é",
                                                "鸿雁", "😀", "/",  "\x1f"};
    std::string out;
    for (auto n = random_() % 6; n > 0; --n) out += parts[random_() % parts.size()];
    return out;
  }

  template <class T>
  static void put(Message& message, const FieldDescriptor& field, T value,
                  void (google::protobuf::Reflection::*set)(Message*, const FieldDescriptor*, T) const,
                  void (google::protobuf::Reflection::*add)(Message*, const FieldDescriptor*, T) const) {
    (message.GetReflection()->*(field.is_repeated() ? add : set))(&message, &field, value);
  }

  void set(Message& message, const FieldDescriptor& field, int depth) {
    using R = google::protobuf::Reflection;
    const R& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return put<std::int32_t>(message, field, static_cast<std::int32_t>(random_()), &R::SetInt32, &R::AddInt32);
      case FieldDescriptor::CPPTYPE_INT64:
        return put<std::int64_t>(message, field, static_cast<std::int64_t>(random_()) - 2'000'000'000, &R::SetInt64,
                                 &R::AddInt64);
      case FieldDescriptor::CPPTYPE_UINT64:
        return put<std::uint64_t>(message, field, (std::uint64_t{random_()} << 32) | random_(), &R::SetUInt64,
                                  &R::AddUInt64);
      case FieldDescriptor::CPPTYPE_BOOL:
        return put<bool>(message, field, random_() % 2 == 0, &R::SetBool, &R::AddBool);
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int count = field.enum_type()->value_count();
        const auto* value =
            field.enum_type()->value(1 + static_cast<int>(random_() % static_cast<unsigned>(count - 1)));
        field.is_repeated() ? reflection.AddEnum(&message, &field, value) : reflection.SetEnum(&message, &field, value);
        return;
      }
      case FieldDescriptor::CPPTYPE_STRING:
        field.is_repeated() ? reflection.AddString(&message, &field, text())
                            : reflection.SetString(&message, &field, text());
        return;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth < 5)
          fill(field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                   : *reflection.MutableMessage(&message, &field),
               depth + 1);
        return;
      default: FAIL() << "a type this test does not know: " << field.full_name();
    }
  }

  std::mt19937 random_;
};

TEST(JsonCodec, EveryRequestAndAnswerSurvivesARoundTrip) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomMessages random(seed);
  const Dispatcher dispatcher;
  std::vector<const Message*> prototypes{&v1::MessagePush::default_instance(), &v1::ReadyFrame::default_instance(),
                                         &v1::GapPush::default_instance()};
  for (const auto& [name, rpc] : dispatcher.all()) {
    prototypes.push_back(rpc.request_prototype);
    prototypes.push_back(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(rpc.method->output_type()));
  }
  for (const Message* prototype : prototypes) {
    for (int round = 0; round < 50; ++round) {
      const MessagePtr original(prototype->New());
      random.fill(*original);
      const std::string json = to_json(*original);
      const MessagePtr back(prototype->New());
      const auto read = from_json(json, *back);
      ASSERT_TRUE(read) << json << " " << read.error().field << " " << read.error().detail;
      EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*original, *back)) << json;
    }
  }
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

}  // namespace
}  // namespace hongyan::wire
