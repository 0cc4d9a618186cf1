// Ranges of addresses: "10.0.0.0/8", "::1".
#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hongyan::net {

// All addresses that begin with the same bits. An IPv4 address and the same one in IPv6 spelling are one address. Value
// type.
class Network {
 public:
  // A range in CIDR notation (RFC 4632), or one address. `invalid_argument` for anything else.
  static Result<Network> parse(std::string_view text);

  bool contains(const boost::asio::ip::address& ip) const;

 private:
  using Bytes = std::array<std::uint8_t, 16>;
  Network(const Bytes& first, unsigned bits) : first_(first), bits_(bits) {}
  static Bytes bytes_of(const boost::asio::ip::address& ip);

  Bytes first_;
  unsigned bits_;
};

using Networks = std::vector<Network>;

// All of `texts`; the error of the first that is none.
Result<Networks> parse_networks(const auto& texts) {
  Networks networks;
  for (const std::string_view text : texts) {
    HY_TRY(const auto network, Network::parse(text));
    networks.push_back(network);
  }
  return networks;
}

// Whether any of them contains `ip`.
bool contains(const Networks& networks, const boost::asio::ip::address& ip);

// What of an address one client cannot choose: all of IPv4, the first 64 bits of IPv6.
std::string client_network(std::string_view ip);

}  // namespace hongyan::net
