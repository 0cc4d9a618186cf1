#include "infra/egress/guard.h"

#include <array>
#include <string_view>

#include "base/assert.h"

namespace hongyan::egress {
namespace {

constexpr std::array<std::string_view, 23> kRefused{
    "0.0.0.0/8",          // this network
    "10.0.0.0/8",         // private
    "100.64.0.0/10",      // shared by carriers; some clouds' metadata
    "127.0.0.0/8",        // loopback
    "168.63.129.16",      // Azure's metadata and control
    "169.254.0.0/16",     // link-local; metadata of most clouds
    "172.16.0.0/12",      // private
    "192.0.0.0/24",       // protocol assignments
    "192.0.2.0/24",       // documentation
    "192.31.196.0/24",    // AS112
    "192.52.193.0/24",    // AMT
    "192.88.99.0/24",     // 6to4 relays
    "192.168.0.0/16",     // private
    "192.175.48.0/24",    // AS112
    "198.18.0.0/15",      // benchmarks
    "198.51.100.0/24",    // documentation
    "203.0.113.0/24",     // documentation
    "224.0.0.0/3",        // multicast, reserved, broadcast
    "2001::/23",          // protocol assignments, Teredo among them
    "2001:db8::/32",      // documentation
    "2002::/16",          // 6to4
    "2620:4f:8000::/48",  // AS112
    "3fff::/20",          // documentation
};
// Global unicast. All else in IPv6 is local, multicast, a translation or not assigned.
constexpr std::array<std::string_view, 1> kPublicV6{"2000::/3"};

}  // namespace

AddressGuard::AddressGuard(net::Networks allowed)
    : allowed_(std::move(allowed)),
      refused_(net::parse_networks(kRefused).value()),
      public_v6_(net::parse_networks(kPublicV6).value()) {}

bool AddressGuard::permits(const boost::asio::ip::address& address) const {
  if (net::contains(allowed_, address)) return true;
  // A mapped address is the IPv4 one: Network knows both as the same.
  const bool v4 = address.is_v4() || address.to_v6().is_v4_mapped();
  if (!v4 && !net::contains(public_v6_, address)) return false;
  return !net::contains(refused_, address);
}

}  // namespace hongyan::egress
