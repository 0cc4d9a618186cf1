#include "infra/http/forwarded.h"

#include <gtest/gtest.h>

namespace hongyan::http {
namespace {

Origin of(std::vector<Headers::Field> fields, bool direct_secure = false) {
  Headers headers;
  for (auto& field : fields) headers.add(std::move(field.name), std::move(field.value));
  const net::Networks trusted{net::Network::parse("10.0.0.0/8").value(), net::Network::parse("fd00::/8").value()};
  return forwarded_origin(headers, trusted, {.client_ip = "10.0.0.1", .secure = direct_secure});
}

std::string client(std::string value) { return of({{"X-Forwarded-For", std::move(value)}}).client_ip; }

TEST(Forwarded, TheClientIsTheRightmostAddressThatIsNotTrusted) {
  EXPECT_EQ(client("203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(client("203.0.113.9, 10.0.0.7"), "203.0.113.9");
  EXPECT_EQ(client("198.51.100.1, 203.0.113.9,10.0.0.7 ,fd00::5"), "203.0.113.9");
  EXPECT_EQ(client("10.0.0.9, 10.0.0.7"), "10.0.0.9");
}

TEST(Forwarded, SeveralHeadersAreOneList) {
  EXPECT_EQ(of({{"X-Forwarded-For", "198.51.100.1"}, {"x-forwarded-for", "203.0.113.9"}}).client_ip, "203.0.113.9");
}

TEST(Forwarded, ReadsAddressesWithPorts) {
  EXPECT_EQ(client("203.0.113.9:4711"), "203.0.113.9");
  EXPECT_EQ(client("[2001:db8::1]:4711"), "2001:db8::1");
  EXPECT_EQ(client("2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(client("::ffff:203.0.113.9"), "203.0.113.9");
}

TEST(Forwarded, WhatCannotBeReadEndsTheList) {
  EXPECT_EQ(client(""), "10.0.0.1");
  EXPECT_EQ(client("unknown"), "10.0.0.1");
  EXPECT_EQ(client("203.0.113.9, unknown, 10.0.0.7"), "10.0.0.7");
  for (const char* text : {"[", "[]", ":", ",", ",,", "[::1", "1.2.3"}) EXPECT_EQ(client(text), "10.0.0.1") << text;
}

TEST(Forwarded, TheLastSchemeCounts) {
  EXPECT_FALSE(of({}).secure);
  EXPECT_TRUE(of({}, true).secure);
  EXPECT_TRUE(of({{"X-Forwarded-Proto", "https"}}).secure);
  EXPECT_TRUE(of({{"X-Forwarded-Proto", "WSS"}}).secure);
  EXPECT_TRUE(of({{"X-Forwarded-Proto", "http, https"}}).secure);
  EXPECT_FALSE(of({{"X-Forwarded-Proto", "https, http"}}).secure);
  EXPECT_FALSE(of({{"X-Forwarded-Proto", "http"}}, true).secure);
  EXPECT_FALSE(of({{"X-Forwarded-Proto", "gopher"}}).secure);
}

}  // namespace
}  // namespace hongyan::http
