// Which addresses a request to a user's URL may go to.
#pragma once

#include <boost/asio/ip/address.hpp>

#include "infra/net/network.h"

namespace hongyan::egress {

// Lets through what is on the public internet, and what the operator has listed. Refused are this machine, its networks
// (private, link-local, shared, the metadata services of clouds), multicast, documentation and reserved ranges, and the
// IPv6 forms that carry an IPv4 address past such a list (mapped, compatible, NAT64, 6to4, Teredo). Source: IANA's
// registries of special-purpose addresses (RFC 6890). Immutable, thread-safe. Owned by the client.
class AddressGuard {
 public:
  explicit AddressGuard(net::Networks allowed);

  bool permits(const boost::asio::ip::address& address) const;

 private:
  const net::Networks allowed_;
  const net::Networks refused_;
  const net::Networks public_v6_;
};

}  // namespace hongyan::egress
