// Addresses of sockets as text: "127.0.0.1:8080", "[::1]:8080".
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hongyan::net {

// The endpoint of `address` (an IPv4 or IPv6 literal, or "localhost") and `port`. `invalid_argument` for anything else:
// names are not resolved.
Result<boost::asio::ip::tcp::endpoint> make_endpoint(std::string_view address, std::uint16_t port);

// Whether `address`, of the same form, is reached from this machine only.
bool is_loopback(std::string_view address);

// "127.0.0.1:8080" or "[::1]:8080".
std::string to_text(const boost::asio::ip::tcp::endpoint& endpoint);

// The address alone. An IPv4 address that came in through an IPv6 socket is written as IPv4, so that one client has one
// name in limits and logs.
std::string ip_text(const boost::asio::ip::address& address);

}  // namespace hongyan::net
