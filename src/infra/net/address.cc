#include "infra/net/address.h"

#include <fmt/format.h>

#include <boost/asio/ip/address.hpp>

namespace hongyan::net {

using boost::asio::ip::address;
using boost::asio::ip::tcp;

Result<tcp::endpoint> make_endpoint(std::string_view text, std::uint16_t port) {
  if (text == "localhost") return tcp::endpoint(boost::asio::ip::address_v4::loopback(), port);
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(std::string(text), error);
  if (error) return fail(Error::invalid("address", fmt::format("\"{}\" is no IP address", text)));
  return tcp::endpoint(parsed, port);
}

bool is_loopback(std::string_view text) {
  const auto endpoint = make_endpoint(text, 0);
  return endpoint && endpoint->address().is_loopback();
}

std::string ip_text(const address& ip) {
  if (ip.is_v6() && ip.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, ip.to_v6()).to_string();
  }
  return ip.to_string();
}

std::string to_text(const tcp::endpoint& endpoint) {
  const std::string ip = ip_text(endpoint.address());
  const bool bracketed = ip.find(':') != std::string::npos;
  return bracketed ? fmt::format("[{}]:{}", ip, endpoint.port()) : fmt::format("{}:{}", ip, endpoint.port());
}

}  // namespace hongyan::net
