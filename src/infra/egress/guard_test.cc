#include "infra/egress/guard.h"

#include <gtest/gtest.h>

namespace hongyan::egress {
namespace {

using boost::asio::ip::make_address;

TEST(AddressGuard, LetsThePublicInternetThrough) {
  const AddressGuard guard({});
  for (const char* open :
       {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255",
        "172.32.0.0", "192.167.255.255", "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8"}) {
    EXPECT_TRUE(guard.permits(make_address(open))) << open;
  }
}

TEST(AddressGuard, RefusesWhatIsNotPublic) {
  const AddressGuard guard({});
  for (const char* closed :
       {"0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.255",
        "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1",
        "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.255",
        // IPv6: unspecified, loopback, link-local, site-local, unique local, multicast, discard, documentation
        "::", "::1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1", "2001:db8::1",
        "3fff::1", "5f00::1",
        // and IPv4 within it: mapped, compatible, translated, NAT64, 6to4, Teredo
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::"}) {
    EXPECT_FALSE(guard.permits(make_address(closed))) << closed;
  }
}

TEST(AddressGuard, LetsThroughWhatTheOperatorHasListed) {
  const AddressGuard guard({*net::Network::parse("10.1.2.0/24"), *net::Network::parse("fd00::/8")});
  EXPECT_TRUE(guard.permits(make_address("10.1.2.3")));
  EXPECT_TRUE(guard.permits(make_address("::ffff:10.1.2.3")));
  EXPECT_TRUE(guard.permits(make_address("fd12::1")));
  EXPECT_FALSE(guard.permits(make_address("10.1.3.1")));
  EXPECT_FALSE(guard.permits(make_address("127.0.0.1")));
  EXPECT_FALSE(guard.permits(make_address("64:ff9b::a01:203")));
}

}  // namespace
}  // namespace hongyan::egress
