// Who is at the other end of a gRPC call.
#pragma once

#include <string>
#include <string_view>

namespace hongyan::edge {

// The address, without port, of what gRPC calls a peer: "ipv4:192.0.2.1:4711" or "ipv6:%5B2001:db8::1%5D:4711". An IPv4
// address that came in through an IPv6 socket is written as IPv4. Empty for anything else.
std::string ip_of_peer(std::string_view peer);

}  // namespace hongyan::edge
