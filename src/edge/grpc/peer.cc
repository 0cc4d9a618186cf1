#include "edge/grpc/peer.h"

#include "infra/net/address.h"

namespace hongyan::edge {
namespace {

// Takes `prefix` from the front; false when it is not there.
bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::string ip_of_peer(std::string_view peer) {
  if (take(peer, "ipv6:")) {
    if (!take(peer, "%5B") && !take(peer, "[")) return {};
    // A zone, which gRPC writes as %25 and a name, says nothing about the client.
    peer = peer.substr(0, std::min({peer.find('%'), peer.find(']'), peer.size()}));
  } else if (take(peer, "ipv4:")) {
    peer = peer.substr(0, peer.rfind(':'));
  } else {
    return {};
  }
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(peer), error);
  return error ? std::string() : net::ip_text(address);
}

}  // namespace hongyan::edge
