#include "app/chat/link/server_frame.h"

#include <gtest/gtest.h>

namespace hongyan::chat {
namespace {

TEST(ParseServerFrame, ReadsAnswersAndPushes) {
  const auto ok = parse_server_frame(R"({"type":"ok","id":"7","data":{"message_id":"9007199254740993","seq":42}})");
  ASSERT_TRUE(ok);
  EXPECT_EQ(ok->type, "ok");
  EXPECT_EQ(ok->id, "7");
  EXPECT_EQ(ok->data, R"({"message_id":"9007199254740993","seq":42})");
  EXPECT_FALSE(ok->error);

  const auto push = parse_server_frame(R"({"type":"gap","data":{"all":true}})");
  ASSERT_TRUE(push);
  EXPECT_EQ(push->id, "");
  EXPECT_EQ(parse_server_frame(R"({"type":"pong","id":"1"})")->data, "{}");
}

TEST(ParseServerFrame, ReadsErrorsWithTheirExtras) {
  const auto frame = parse_server_frame(
      R"({"type":"error","id":"3","error":{"code":"rate_limited","message":"Too fast.","field":"q","retry_after_ms":1200}})");
  ASSERT_TRUE(frame && frame->error);
  EXPECT_EQ(frame->error->code, ErrorCode::rate_limited);
  EXPECT_EQ(frame->error->detail, "Too fast.");
  EXPECT_EQ(frame->error->field, "q");
  EXPECT_EQ(frame->error->retry_after_ms, 1200);
}

TEST(ParseServerFrame, AnErrorOfANewerServerIsNamedAndNotRetried) {
  const auto frame = parse_server_frame(R"({"type":"error","id":"3","error":{"code":"brand_new","message":"?"}})");
  ASSERT_TRUE(frame && frame->error);
  EXPECT_FALSE(error_retryable(frame->error->code));
  EXPECT_NE(frame->error->detail.find("brand_new"), std::string::npos);
}

TEST(ParseServerFrame, RefusesWhatIsNoFrame) {
  for (const char* text : {"", "x", "[]", "{}", R"({"type":1})", R"({"type":"error","id":"1"})"}) {
    EXPECT_FALSE(parse_server_frame(text)) << text;
  }
  EXPECT_FALSE(parse_server_frame(R"({"type":)" + std::string(100'000, '[')));
}

TEST(ParseErrorBody, IsNothingForOtherBodies) {
  EXPECT_EQ(parse_error_body(R"({"error":{"code":"locked","message":"m","retry_after_ms":5}})")->code,
            ErrorCode::locked);
  EXPECT_FALSE(parse_error_body("<html>"));
  EXPECT_FALSE(parse_error_body(R"({"error":"text"})"));
}

}  // namespace
}  // namespace hongyan::chat
