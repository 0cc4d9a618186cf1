#include "app/chat/link/http_client.h"

#include <gtest/gtest.h>

namespace hongyan::chat {
namespace {

// The body when the answer is complete at its last byte and not before.
std::optional<std::string> body_when_complete(const std::string& raw) {
  for (std::size_t size = 0; size < raw.size(); ++size) {
    const auto early = parse_answer(std::string_view(raw).substr(0, size), false);
    if (!early || *early) return std::nullopt;
  }
  auto answer = parse_answer(raw, false);
  if (!answer || !*answer) return std::nullopt;
  return (*answer)->body;
}

TEST(ParseAnswer, WaitsForTheWholeBody) {
  EXPECT_EQ(body_when_complete("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\n{}"), "{}");
  EXPECT_EQ(body_when_complete("HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n"), "");
}

TEST(ParseAnswer, JoinsChunks) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const auto answer = parse_answer(head + "3;x=y\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n", false);
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ((*answer)->body, "{\"a\":1}");
  for (const char* broken : {"x\r\n", "3\r\nabcde", "-1\r\n", "ffffffffffffffffff\r\n"}) {
    EXPECT_FALSE(parse_answer(head + broken, false)) << broken;
  }
}

TEST(ParseAnswer, WithoutALengthTheEndOfTheConnectionIsTheEnd) {
  const std::string raw = "HTTP/1.1 200 OK\r\n\r\n{}";
  EXPECT_FALSE(parse_answer(raw, false)->has_value());
  EXPECT_EQ(parse_answer(raw, true)->value().body, "{}");
}

TEST(ParseAnswer, TellsACutAnswerFromNoHttp) {
  EXPECT_EQ(parse_answer("", true).error().code, ErrorCode::unavailable);
  EXPECT_EQ(parse_answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", true).error().code, ErrorCode::unavailable);
  for (const char* raw :
       {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"}) {
    const auto answer = parse_answer(raw, false);
    ASSERT_FALSE(answer) << raw;
    EXPECT_EQ(answer.error().code, ErrorCode::unimplemented) << raw;
  }
}

TEST(ParseAnswer, IsBounded) {
  EXPECT_FALSE(parse_answer(std::string(40 * 1024, 'x'), false));
  EXPECT_FALSE(parse_answer("HTTP/1.1 200 OK\r\n\r\n" + std::string(5 * 1024 * 1024, 'x'), false));
}

TEST(JsonOf, TakesTheErrorOfTheApiAndKnowsAProxy) {
  EXPECT_EQ(json_of({200, "{}"}).value(), "{}");
  EXPECT_EQ(json_of({401, R"({"error":{"code":"wrong_credentials","message":"no"}})"}).error().code,
            ErrorCode::wrong_credentials);
  EXPECT_EQ(json_of({502, "<html>"}).error().code, ErrorCode::unavailable);
  EXPECT_EQ(json_of({404, "<html>"}).error().code, ErrorCode::unimplemented);
}

}  // namespace
}  // namespace hongyan::chat
