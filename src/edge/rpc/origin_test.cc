#include "edge/rpc/origin.h"

#include <gtest/gtest.h>

namespace hongyan::edge {
namespace {

TEST(Origin, IsComparedWithTheHostOrThePublicUrl) {
  EXPECT_TRUE(is_same_origin("http://127.0.0.1:8080", "127.0.0.1:8080", "", false));
  EXPECT_TRUE(is_same_origin("https://Chat.example", "chat.example", "", false));
  EXPECT_FALSE(is_same_origin("http://evil.example", "127.0.0.1:8080", "", false));
  EXPECT_FALSE(is_same_origin("http://127.0.0.1:8080.evil.example", "127.0.0.1:8080", "", false));
  EXPECT_FALSE(is_same_origin("null", "127.0.0.1:8080", "", false));
  EXPECT_FALSE(is_same_origin("http://", "", "", false));
  EXPECT_FALSE(is_same_origin("", "127.0.0.1:8080", "", false));
  EXPECT_TRUE(is_same_origin("https://chat.example", "10.0.0.1", "https://chat.example/", false));
  EXPECT_FALSE(is_same_origin("http://chat.example", "chat.example", "https://chat.example", false));
}

TEST(Origin, IsHttpsWhenTheRequestCameOverTls) {
  EXPECT_TRUE(is_same_origin("https://chat.example", "chat.example", "", true));
  EXPECT_FALSE(is_same_origin("http://chat.example", "chat.example", "", true));
}

}  // namespace
}  // namespace hongyan::edge
