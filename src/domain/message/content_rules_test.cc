// What a message may carry, and what may be forwarded.
#include <gtest/gtest.h>

#include <limits>

#include "domain/message/rules.h"
#include "domain/message/testing/builders.h"
#include "domain/message/testing/cast.h"
#include "wire/json_codec.h"

namespace hongyan::message {
namespace {

using testing::code_of;

v1::Content content_of(const std::string& json) {
  v1::Content content;
  EXPECT_TRUE(wire::from_json(json, content)) << json;
  return content;
}

std::string text_of(std::size_t bytes) { return std::string(bytes, 'x'); }

TEST(ContentKinds, TakeWhatIsInBounds) {
  for (const std::string& json : std::initializer_list<std::string>{
           R"({"image":{"file_id":"1","width":1,"height":65535,"size":10,"thumbhash":"YWJj"}})",
           R"({"voice":{"file_id":"1","duration_ms":600000,"waveform":"AAEC"}})",
           R"({"video":{"file_id":"1","poster_id":"2","width":640,"height":480,"duration_ms":5,"size":7}})",
           R"({"file":{"file_id":"1","name":"报告.pdf","size":7,"mime":"application/pdf"}})",
           R"({"file":{"file_id":"1","name":"..."}})",
           R"({"location":{"latitude":-90,"longitude":180,"name":"故宫","address":"北京"}})",
           R"({"location":{}})",
           R"({"card":{"user_id":"7"}})",
           R"({"sticker":{"set_id":"geese_1","sticker_id":"A-2"}})",
           R"({"custom":{"kind":"game.move","body":"AAEC"}})",
           R"({"encrypted":{"opaque":"AAEC"}})",
           R"({"text":{"text":"hi"},"fallback":"hi"})",
       }) {
    EXPECT_TRUE(check_content(content_of(json), {})) << json;
  }
}

TEST(ContentKinds, NameTheFieldThatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"image":{"width":1,"height":1}})", "content.image.file_id"},
      {R"({"image":{"file_id":"1","width":0,"height":1}})", "content.image.width"},
      {R"({"image":{"file_id":"1","width":1,"height":65536}})", "content.image.height"},
      {R"({"image":{"file_id":"1","width":1,"height":1,"size":-1}})", "content.image.size"},
      {R"({"image":{"file_id":"1","width":1,"height":1,"thumbhash":")" + text_of(88) + R"("}})",
       "content.image.thumbhash"},
      {R"({"voice":{"duration_ms":1}})", "content.voice.file_id"},
      {R"({"voice":{"file_id":"1","duration_ms":0}})", "content.voice.duration_ms"},
      {R"({"voice":{"file_id":"1","duration_ms":600001}})", "content.voice.duration_ms"},
      {R"({"voice":{"file_id":"1","duration_ms":1,"waveform":")" + text_of(176) + R"("}})", "content.voice.waveform"},
      {R"({"video":{"file_id":"1","width":1,"height":0}})", "content.video.height"},
      {R"({"video":{"file_id":"1","width":1,"height":1,"duration_ms":-1}})", "content.video.duration_ms"},
      {R"({"file":{"file_id":"1"}})", "content.file.name"},
      {R"({"file":{"file_id":"1","name":"../passwd"}})", "content.file.name"},
      {R"({"file":{"file_id":"1","name":"a\\b"}})", "content.file.name"},
      {R"({"file":{"file_id":"1","name":"a\u0000b"}})", "content.file.name"},
      {R"({"file":{"file_id":"1","name":".."}})", "content.file.name"},
      {R"({"file":{"file_id":"1","name":")" + text_of(256) + R"("}})", "content.file.name"},
      {R"({"file":{"file_id":"1","name":"a","mime":")" + text_of(128) + R"("}})", "content.file.mime"},
      {R"({"location":{"latitude":90.1}})", "content.location.latitude"},
      {R"({"location":{"longitude":-180.1}})", "content.location.longitude"},
      {R"({"location":{"name":")" + text_of(201) + R"("}})", "content.location.name"},
      {R"({"location":{"address":")" + text_of(501) + R"("}})", "content.location.address"},
      {R"({"card":{}})", "content.card.user_id"},
      {R"({"sticker":{"set_id":"a b","sticker_id":"1"}})", "content.sticker.set_id"},
      {R"({"sticker":{"set_id":"a","sticker_id":""}})", "content.sticker.sticker_id"},
      {R"({"custom":{"kind":"a/b"}})", "content.custom.kind"},
      {R"({"custom":{"kind":")" + text_of(65) + R"("}})", "content.custom.kind"},
      {R"({"custom":{"kind":"a","body":")" + text_of(43'696) + R"("}})", "content.custom.body"},
      {R"({"encrypted":{}})", "content.encrypted.opaque"},
      {R"({"text":{"text":"hi"},"fallback":")" + text_of(1025) + R"("})", "content.fallback"},
      {R"({"merged":{"title":"x"}})", "content.merged"},
      {R"({"call":{"kind":"audio"}})", "content.call"},
      {R"({"system":{"code":"member_joined"}})", "content.system"},
      {R"({"fallback":"nothing else"})", "content"},
  };
  for (const auto& [json, field] : cases) {
    const auto result = check_content(content_of(json), {.max_bytes = 1 << 20});
    ASSERT_FALSE(result) << json;
    EXPECT_EQ(result.error().code, ErrorCode::invalid_argument) << json;
    EXPECT_EQ(result.error().field, field) << json;
  }
}

TEST(ContentKinds, ANumberThatIsNoneIsNowhereOnEarth) {
  v1::Content content;
  content.mutable_location()->set_latitude(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(code_of(check_content(content, {})), ErrorCode::invalid_argument);
}

TEST(Mentions, AreBoundedAndNamePeople) {
  v1::Mentions mentions;
  for (int i = 1; i <= kMaxMentions; ++i) mentions.add_user_ids(static_cast<std::uint64_t>(i));
  EXPECT_TRUE(check_mentions(mentions));
  mentions.add_user_ids(51);
  EXPECT_EQ(code_of(check_mentions(mentions)), ErrorCode::invalid_argument);
  mentions.clear_user_ids();
  mentions.add_user_ids(0);
  EXPECT_EQ(code_of(check_mentions(mentions)), ErrorCode::invalid_argument);
}

ForwardRequest forward_of(std::size_t items, std::size_t targets, bool merged = false) {
  ForwardRequest request{.client_msg_id = "f", .items = {}, .targets = {}, .merged = merged, .title = ""};
  for (std::size_t i = 0; i < items; ++i) request.items.push_back({ConversationId(1), Seq(std::int64_t(i) + 1)});
  for (std::size_t i = 0; i < targets; ++i) request.targets.emplace_back(i + 1);
  return request;
}

TEST(Forward, IsBounded) {
  EXPECT_TRUE(check_forward(forward_of(100, 1)));
  EXPECT_TRUE(check_forward(forward_of(5, 20)));
  EXPECT_TRUE(check_forward(forward_of(100, 20, true)));
  for (const auto& bad :
       {forward_of(0, 1), forward_of(101, 1), forward_of(1, 0), forward_of(1, 21), forward_of(51, 2)}) {
    EXPECT_EQ(code_of(check_forward(bad)), ErrorCode::invalid_argument);
  }
  auto request = forward_of(1, 1);
  request.title = text_of(201);
  EXPECT_EQ(check_forward(request).error().field, "title");
  request = forward_of(1, 1);
  request.client_msg_id = "~x";
  EXPECT_EQ(check_forward(request).error().field, "client_msg_id");
  request = forward_of(1, 1);
  request.items[0].seq = Seq(0);
  EXPECT_EQ(check_forward(request).error().field, "items");
}

TEST(Forward, HasIdsThatFollowFromTheRequestAndAreNoClients) {
  const std::vector<Place> one{{ConversationId(1), Seq(2)}};
  const std::vector<Place> other{{ConversationId(1), Seq(3)}};
  const std::string id = forward_id("f", one, ConversationId(9));
  EXPECT_EQ(id, "~C5lXSMoiix1rDYCvtHA2Davert2oTZa9uRyx0lrFntw");
  EXPECT_EQ(id.size(), 44u);
  EXPECT_FALSE(check_client_msg_id(id));
  EXPECT_NE(id, forward_id("g", one, ConversationId(9)));
  EXPECT_NE(id, forward_id("f", other, ConversationId(9)));
  EXPECT_NE(id, forward_id("f", one, ConversationId(8)));
}

TEST(Forward, HashesWhereTheItemsStandNotWhatTheySay) {
  auto request = forward_of(2, 1, true);
  const ContentHash hash = forward_hash(request, request.items, ConversationId(9));
  EXPECT_EQ(hash, forward_hash(request, request.items, ConversationId(9)));
  EXPECT_NE(hash, forward_hash(request, request.items, ConversationId(8)));
  request.title = "talk";
  EXPECT_NE(hash, forward_hash(request, request.items, ConversationId(9)));
}

TEST(Forward, LeavesOutWhatIsGoneOrTheServersOwn) {
  StoredMessage message = testing::message_at(ConversationId(1), Seq(1), UserId(7), Ordinal(1)).message;
  EXPECT_TRUE(may_forward(message));
  StoredMessage line = message;
  line.sender = {};
  EXPECT_EQ(code_of(may_forward(line)), ErrorCode::invalid_argument);
  StoredMessage call = message;
  call.content.mutable_call()->set_kind("audio");
  EXPECT_EQ(code_of(may_forward(call)), ErrorCode::invalid_argument);
  message.recalled = Mark{UserId(7), message.time};
  EXPECT_EQ(code_of(may_forward(message)), ErrorCode::message_recalled);
}

TEST(Forward, CutsAMergedMessageInsideAnotherToItsTitle) {
  StoredMessage message = testing::message_at(ConversationId(1), Seq(1), UserId(7), Ordinal(1)).message;
  message.content.mutable_merged()->set_title("talk");
  message.content.mutable_merged()->add_items();
  const v1::MergedItem item = merged_item(message);
  EXPECT_EQ(item.sender_id(), 7u);
  EXPECT_EQ(item.time_ms(), message.time.value);
  EXPECT_EQ(item.content().merged().title(), "talk");
  EXPECT_EQ(item.content().merged().items_size(), 0);
}

}  // namespace
}  // namespace hongyan::message
