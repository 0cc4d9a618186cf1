#include "infra/net/network.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/numbers.h"

namespace hongyan::net {

using boost::asio::ip::address;

Network::Bytes Network::bytes_of(const address& ip) {
  if (ip.is_v6()) return ip.to_v6().to_bytes();
  return boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped, ip.to_v4()).to_bytes();
}

Result<Network> Network::parse(std::string_view text) {
  constexpr unsigned kV6Bits = 128;
  constexpr unsigned kV4Bits = 32;
  const auto refused = [&] {
    return fail(Error::invalid("network", fmt::format("\"{}\" is no address and no range like 10.0.0.0/8", text)));
  };
  const std::size_t slash = std::min(text.find('/'), text.size());
  boost::system::error_code error;
  const address ip = boost::asio::ip::make_address(std::string(text.substr(0, slash)), error);
  if (error) return refused();
  const unsigned most = ip.is_v4() ? kV4Bits : kV6Bits;
  unsigned bits = most;
  if (slash < text.size()) {
    const auto length = number_from<unsigned>(text.substr(slash + 1));
    if (!length || *length > most) return refused();
    bits = *length;
  }
  return Network(bytes_of(ip), bits + kV6Bits - most);
}

bool Network::contains(const address& ip) const {
  const Bytes other = bytes_of(ip);
  const unsigned whole = bits_ / 8;
  if (!std::equal(first_.begin(), first_.begin() + whole, other.begin())) return false;
  const unsigned rest = bits_ % 8;
  return rest == 0 || (first_[whole] >> (8 - rest)) == (other[whole] >> (8 - rest));
}

bool contains(const Networks& networks, const address& ip) {
  return std::ranges::any_of(networks, [&](const Network& network) { return network.contains(ip); });
}

std::string client_network(std::string_view ip) {
  // Nearly always, and asked for with every request.
  if (!ip.contains(':')) return std::string(ip);
  boost::system::error_code problem;
  const auto parsed = boost::asio::ip::make_address(ip, problem);
  if (problem || !parsed.is_v6() || parsed.to_v6().is_v4_mapped()) return std::string(ip);
  constexpr std::size_t kPrefix = 8;
  const auto bytes = parsed.to_v6().to_bytes();
  return {reinterpret_cast<const char*>(bytes.data()), kPrefix};
}

}  // namespace hongyan::net
