#include "app/chat/link/server_address.h"

#include <gtest/gtest.h>

namespace hongyan::chat {
namespace {

TEST(ParseServer, ReadsHostPortAndPrefix) {
  const auto plain = parse_server("http://127.0.0.1:8080");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->host, "127.0.0.1");
  EXPECT_EQ(plain->port, "8080");
  EXPECT_EQ(plain->host_header, "127.0.0.1:8080");
  EXPECT_EQ(plain->prefix, "");
  EXPECT_TRUE(plain->is_loopback());

  const auto behind_proxy = parse_server("http://chat.example/im/");
  ASSERT_TRUE(behind_proxy);
  EXPECT_EQ(behind_proxy->port, "80");
  EXPECT_EQ(behind_proxy->host_header, "chat.example");
  EXPECT_EQ(behind_proxy->prefix, "/im");
  EXPECT_FALSE(behind_proxy->is_loopback());

  const auto six = parse_server("http://[::1]:9");
  ASSERT_TRUE(six);
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->host_header, "[::1]:9");
  EXPECT_TRUE(six->is_loopback());
}

TEST(ParseServer, SaysWhatIsWrong) {
  const auto tls = parse_server("https://chat.example");
  ASSERT_FALSE(tls);
  EXPECT_NE(tls.error().detail.find("https"), std::string::npos);
  for (const char* url : {"", "127.0.0.1:8080", "ftp://x", "http://", "http://u:p@x", "http://x/?a=b", "http://x y"}) {
    const auto address = parse_server(url);
    ASSERT_FALSE(address) << url;
    EXPECT_EQ(address.error().field, "server") << url;
  }
}

}  // namespace
}  // namespace hongyan::chat
