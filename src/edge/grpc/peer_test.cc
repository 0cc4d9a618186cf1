#include "edge/grpc/peer.h"

#include <gtest/gtest.h>

namespace hongyan::edge {
namespace {

TEST(Peer, IsItsAddressWithoutPort) {
  EXPECT_EQ(ip_of_peer("ipv4:192.0.2.1:4711"), "192.0.2.1");
  EXPECT_EQ(ip_of_peer("ipv6:%5B2001:db8::1%5D:4711"), "2001:db8::1");
  EXPECT_EQ(ip_of_peer("ipv6:[::1]:4711"), "::1");
  EXPECT_EQ(ip_of_peer("ipv6:%5Bfe80::1%25eth0%5D:4711"), "fe80::1");
  EXPECT_EQ(ip_of_peer("ipv6:%5B::ffff:192.0.2.1%5D:4711"), "192.0.2.1");
}

TEST(Peer, IsEmptyWhenItIsNoAddress) {
  for (const char* other :
       {"", "unix:/run/socket", "unknown", "ipv4:", "ipv4:nobody:1", "ipv6:", "ipv6:%5B", "ipv6:::1"}) {
    EXPECT_EQ(ip_of_peer(other), "") << other;
  }
}

}  // namespace
}  // namespace hongyan::edge
