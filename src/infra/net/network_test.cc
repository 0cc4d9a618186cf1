#include "infra/net/network.h"

#include <gtest/gtest.h>

namespace hongyan::net {
namespace {

bool holds(const char* network, const char* ip) {
  return Network::parse(network).value().contains(boost::asio::ip::make_address(ip));
}

TEST(Network, ContainsWhatBeginsWithItsBits) {
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(holds("192.168.4.0/22", "192.168.7.255"));
  EXPECT_FALSE(holds("192.168.4.0/22", "192.168.8.0"));
  EXPECT_TRUE(holds("0.0.0.0/0", "203.0.113.9"));
  EXPECT_TRUE(holds("fd00::/8", "fdff::1"));
  EXPECT_FALSE(holds("fd00::/8", "fe80::1"));
  EXPECT_TRUE(holds("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
}

TEST(Network, OneAddressIsARangeOfOne) {
  EXPECT_TRUE(holds("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(holds("127.0.0.1", "127.0.0.2"));
  EXPECT_TRUE(holds("::1", "::1"));
}

TEST(Network, KnowsAnIpv4AddressInIpv6Spelling) {
  EXPECT_TRUE(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_FALSE(holds("10.0.0.0/8", "::ffff:11.1.2.3"));
  // All of IPv4 is not all of IPv6.
  EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
}

TEST(Network, RefusesEverythingElse) {
  for (const char* text : {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "::/129", "localhost",
                           "10.0.0/8", " 10.0.0.0/8"}) {
    EXPECT_EQ(Network::parse(text).error().code, ErrorCode::invalid_argument) << text;
  }
}

TEST(ClientNetwork, IsWhatAClientCannotChoose) {
  EXPECT_EQ(client_network("192.0.2.1"), "192.0.2.1");
  EXPECT_NE(client_network("192.0.2.1"), client_network("192.0.2.2"));
  EXPECT_EQ(client_network("2001:db8:1:2::1"), client_network("2001:db8:1:2:ffff::9"));
  EXPECT_NE(client_network("2001:db8:1:2::1"), client_network("2001:db8:1:3::1"));
  EXPECT_EQ(client_network(""), "");
}

}  // namespace
}  // namespace hongyan::net
