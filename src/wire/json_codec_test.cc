#include "wire/json_codec.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <random>

#include "hongyan/v1/auth.pb.h"
#include "hongyan/v1/contact.pb.h"
#include "hongyan/v1/conversation.pb.h"
#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/message.pb.h"
#include "wire/dispatcher.h"
#include "wire/testing/random_messages.h"

namespace hongyan::wire {
namespace {

using google::protobuf::Message;

TEST(JsonWriter, FollowsTheRules) {
  v1::Conversation conversation;
  conversation.set_conversation_id(18446744073709551615ull);
  conversation.set_type(v1::CONVERSATION_TYPE_DIRECT);
  conversation.set_title("a\"\\\n\x01é");
  EXPECT_EQ(to_json(conversation),
            R"({"conversation_id":"18446744073709551615","type":"direct","title":"a\"\\\n\u0001é","avatar":"",)"
            R"("seq":0,"change":0,"floor_seq":0,"read_seq":0,"unread":0,"avatar_user_ids":[]})");
  conversation.set_peer_read_seq(0);
  EXPECT_NE(to_json(conversation).find("\"peer_read_seq\":0"), std::string::npos);
  EXPECT_EQ(to_json(v1::SearchUsersResponse()), R"({"items":[]})");
}

TEST(Json, SomeMessagesAreListsOfNumbers) {
  v1::PingFrame ping;
  const std::string text = R"({"user_version":3,"heads":{"12":[7,2,5],"9":[1,0,0]}})";
  ASSERT_TRUE(from_json(text, ping));
  EXPECT_EQ(ping.heads().at("12").seq(), 7);
  EXPECT_EQ(ping.heads().at("12").change(), 2);
  EXPECT_EQ(ping.heads().at("12").read_seq(), 5);
  EXPECT_EQ(to_json(ping), text);
  const std::pair<const char*, const char*> cases[] = {
      {R"({"heads":{"12":[7,2]}})", "heads.12"},
      {R"({"heads":{"12":[7,2,5,1]}})", "heads.12"},
      {R"({"heads":{"12":{"seq":7}}})", "heads.12"},
      {R"({"heads":{"12":7}})", "heads.12"},
      {R"({"heads":{"12":[7,"2",5]}})", "heads.12.change"},
      {R"({"heads":{"12":[7,2,1.5]}})", "heads.12.read_seq"},
      {R"({"heads":[[7,2,5]]})", "heads"},
  };
  for (const auto& [json, field] : cases) {
    v1::PingFrame wrong;
    const auto read = from_json(json, wrong);
    ASSERT_FALSE(read) << json;
    EXPECT_EQ(read.error().field, field) << json;
  }
}

TEST(Json, AListMayBeAbsent) {
  const std::pair<const char*, std::optional<int>> cases[] = {
      {R"({"user_id":"1"})", std::nullopt},
      {R"({"user_id":"1","tags":null})", std::nullopt},
      {R"({"user_id":"1","tags":[]})", 0},
      {R"({"user_id":"1","tags":["家人","work"]})", 2},
  };
  for (const auto& [json, count] : cases) {
    v1::UpdateContactRequest request;
    ASSERT_TRUE(from_json(json, request)) << json;
    EXPECT_EQ(request.has_tags(), count.has_value()) << json;
    EXPECT_EQ(request.tags().tags_size(), count.value_or(0)) << json;
    if (count) EXPECT_EQ(to_json(request), json);
  }
  v1::UpdateContactRequest wrong;
  EXPECT_EQ(from_json(R"({"tags":"work"})", wrong).error().field, "tags");
  EXPECT_EQ(from_json(R"({"tags":["work",7]})", wrong).error().field, "tags.1");
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

TEST(JsonCodec, EveryRequestAndAnswerSurvivesARoundTrip) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  testing::RandomMessages random(seed);
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

}  // namespace
}  // namespace hongyan::wire
