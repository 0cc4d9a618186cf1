#include "infra/egress/resolver.h"

#include <netdb.h>

#include <boost/asio/ip/tcp.hpp>
#include <cstring>
#include <memory>

namespace hongyan::egress {

Result<std::vector<boost::asio::ip::address>> SystemResolver::resolve(const std::string& name) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int problem = ::getaddrinfo(name.c_str(), nullptr, &hints, &found);
  if (problem != 0) return fail(ErrorCode::unavailable, std::string("resolving: ") + ::gai_strerror(problem));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
  std::vector<boost::asio::ip::address> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    boost::asio::ip::tcp::endpoint endpoint;
    if (one->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), one->ai_addr, one->ai_addrlen);
    addresses.push_back(endpoint.address());
  }
  if (addresses.empty()) return fail(ErrorCode::unavailable, "resolving: no address");
  return addresses;
}

Result<std::vector<boost::asio::ip::address>> addresses_of(const Target& target, Resolver& resolver) {
  if (target.address) return std::vector{*target.address};
  return resolver.resolve(target.host);
}

}  // namespace hongyan::egress
