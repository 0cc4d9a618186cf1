#include "infra/http/query.h"

#include <gtest/gtest.h>

#include "infra/http/cookie.h"

namespace hongyan::http {
namespace {

TEST(PercentDecode, DecodesAndRefuses) {
  EXPECT_EQ(percent_decode("a%2Fb%e9%9B%81+c"), "a/b雁+c");
  EXPECT_EQ(percent_decode(""), "");
  EXPECT_FALSE(percent_decode("%").has_value());
  EXPECT_FALSE(percent_decode("%4").has_value());
  EXPECT_FALSE(percent_decode("%4g").has_value());
}

TEST(Query, Parses) {
  const auto query = Query::parse("q=%E9%B8%BF+%E9%9B%81&limit=20&tag=a&tag=b&flag&empty=&&x=1=2");
  ASSERT_TRUE(query.has_value());
  EXPECT_EQ(query->find("q"), "鸿 雁");
  EXPECT_EQ(query->find("limit"), "20");
  EXPECT_EQ(query->all("tag"), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(query->find("flag"), "");
  EXPECT_EQ(query->find("empty"), "");
  EXPECT_EQ(query->find("x"), "1=2");
  EXPECT_FALSE(query->find("none").has_value());
  EXPECT_EQ(Query::parse("")->size(), 0U);
  EXPECT_FALSE(Query::parse("a=%zz").has_value());
}

TEST(Query, HasABound) {
  std::string raw;
  for (int i = 0; i < 100; ++i) raw += "a=1&";
  EXPECT_EQ(Query::parse(raw)->size(), 100U);
  EXPECT_FALSE(Query::parse(raw + "a=1").has_value());
}

TEST(Cookie, IsFoundByItsWholeName) {
  EXPECT_EQ(find_cookie("a=1; refresh=abc; b=2", "refresh"), "abc");
  EXPECT_EQ(find_cookie("xrefresh=no; refresh=\"quoted\"", "refresh"), "quoted");
  EXPECT_EQ(find_cookie("refresh=", "refresh"), "");
  EXPECT_FALSE(find_cookie("refresh", "refresh").has_value());
  EXPECT_FALSE(find_cookie("", "refresh").has_value());
  EXPECT_EQ(find_cookie("a=1;refresh=first;refresh=second", "refresh"), "first");
}

TEST(Cookie, IsWrittenSafeByDefault) {
  SetCookie cookie;
  cookie.name = "refresh";
  cookie.value = "abc";
  cookie.path = "/v1/auth";
  EXPECT_EQ(to_header(cookie), "refresh=abc; Path=/v1/auth; HttpOnly; Secure; SameSite=Strict");
  cookie.max_age = std::chrono::seconds(0);
  cookie.secure = false;
  EXPECT_EQ(to_header(cookie), "refresh=abc; Path=/v1/auth; Max-Age=0; HttpOnly; SameSite=Strict");
}

}  // namespace
}  // namespace hongyan::http
