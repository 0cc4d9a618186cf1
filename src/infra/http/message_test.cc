#include "infra/http/message.h"

#include <gtest/gtest.h>

#include "infra/http/response_writer.h"

namespace hongyan::http {
namespace {

TEST(Headers, CompareNamesWithoutCase) {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("X-One", "1");
  headers.add("accept", "b, C");
  EXPECT_EQ(headers.get("ACCEPT"), "a");
  EXPECT_EQ(headers.joined("Accept"), "a, b, C");
  EXPECT_EQ(headers.count("accept"), 2U);
  EXPECT_TRUE(headers.has_token("Accept", "c"));
  EXPECT_FALSE(headers.has_token("Accept", "d"));
  EXPECT_FALSE(headers.find("X-Two").has_value());
  headers.set("ACCEPT", "only");
  EXPECT_EQ(headers.joined("accept"), "only");
  EXPECT_EQ(headers.size(), 2U);
}

TEST(Method, NamesGoBothWays) {
  for (const std::string_view name : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    EXPECT_EQ(method_name(method_of(name)), name);
  }
  EXPECT_EQ(method_of("get"), Method::other);
  EXPECT_EQ(method_of("BREW"), Method::other);
}

TEST(ResponseHead, HasTheServersOwnFieldsOnce) {
  Response response(200, "text/plain", "hello");
  response.headers.add("Content-Length", "99");
  response.headers.add("connection", "upgrade");
  EXPECT_EQ(response_head(response, 11, true, "D"),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nDate: D\r\n\r\n");
  EXPECT_NE(response_head(response, 11, false, "D").find("Connection: close\r\n"), std::string::npos);
  EXPECT_NE(response_head(response, 10, true, "D").find("Connection: keep-alive\r\n"), std::string::npos);
  EXPECT_EQ(response_head(Response(304), 11, true, "D"), "HTTP/1.1 304 Not Modified\r\nDate: D\r\n\r\n");
}

TEST(ResponseHead, CannotBeSplitByAValue) {
  Response response(200);
  response.headers.add("Location", "/a\r\nSet-Cookie: stolen=1");
  response.headers.add("X-A\nB", "v");
  EXPECT_EQ(response_head(response, 11, true, "D"), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDate: D\r\n\r\n");
}

}  // namespace
}  // namespace hongyan::http
