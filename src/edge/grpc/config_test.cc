#include "edge/grpc/config.h"

#include <gtest/gtest.h>

namespace hongyan::edge {
namespace {

TEST(GrpcConfig, PlainTextStaysOnTheMachineUnlessToldOtherwise) {
  GrpcConfig grpc;
  EXPECT_TRUE(config::problems_of(grpc).empty());
  for (const char* here : {"127.0.0.1", "::1", "localhost"}) {
    grpc.listen = here;
    EXPECT_FALSE(grpc.exposure(false)) << here;
  }
  for (const char* open : {"0.0.0.0", "::", "192.0.2.1"}) {
    grpc.listen = open;
    EXPECT_TRUE(config::problems_of(grpc).empty()) << open;
    EXPECT_TRUE(grpc.exposure(false)) << open;
    EXPECT_FALSE(grpc.exposure(true)) << open;
  }
  grpc.insecure = true;
  EXPECT_FALSE(grpc.exposure(false));
  grpc.insecure = false;
  grpc.enabled = false;
  EXPECT_FALSE(grpc.exposure(false));
}

TEST(GrpcConfig, NamesTheKeyThatIsWrong) {
  GrpcConfig grpc;
  grpc.port = 70'000;
  grpc.listen = "chat.example";
  grpc.max_calls = 0;
  EXPECT_EQ(config::problems_of(grpc),
            (std::vector<std::string>{"grpc.listen must be an IP address or localhost", "grpc.port must be 0 to 65535",
                                      "grpc.max_calls must be 1 to 1000000"}));
}

}  // namespace
}  // namespace hongyan::edge
