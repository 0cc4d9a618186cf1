#include "edge/grpc/config.h"

#include <gtest/gtest.h>

namespace hongyan::edge {
namespace {

TEST(GrpcConfig, PlainTextStaysOnTheMachineUnlessToldOtherwise) {
  GrpcConfig config;
  EXPECT_TRUE(config.validate().empty());
  for (const char* here : {"127.0.0.1", "::1", "localhost"}) {
    config.listen = here;
    EXPECT_FALSE(config.exposure(false)) << here;
  }
  for (const char* open : {"0.0.0.0", "::", "192.0.2.1"}) {
    config.listen = open;
    EXPECT_TRUE(config.validate().empty()) << open;
    EXPECT_TRUE(config.exposure(false)) << open;
    EXPECT_FALSE(config.exposure(true)) << open;
  }
  config.insecure = true;
  EXPECT_FALSE(config.exposure(false));
  config.insecure = false;
  config.enabled = false;
  EXPECT_FALSE(config.exposure(false));
}

TEST(GrpcConfig, NamesTheKeyThatIsWrong) {
  GrpcConfig config;
  config.port = 70'000;
  config.listen = "chat.example";
  config.max_calls = 0;
  EXPECT_EQ(config.validate(),
            (std::vector<std::string>{"grpc.port must be 0 to 65535", "grpc.max_calls must be 1 to 1000000",
                                      "grpc.listen must be an IP address or localhost"}));
}

}  // namespace
}  // namespace hongyan::edge
