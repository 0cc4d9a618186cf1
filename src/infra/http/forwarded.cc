#include "infra/http/forwarded.h"

#include <utility>

#include "infra/net/address.h"

namespace hongyan::http {
namespace {

using boost::asio::ip::address;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Cuts the last element off a comma-separated list.
std::string_view take_last(std::string_view& list) {
  const std::size_t comma = list.rfind(',');
  const std::string_view last = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = list.substr(0, comma == std::string_view::npos ? 0 : comma);
  return trimmed(last);
}

// An address as proxies write it: "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]:4711".
std::optional<address> address_of(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    text = text.substr(1, end - 1);
  } else if (text.find(':') == text.rfind(':')) {
    text = text.substr(0, text.find(':'));
  }
  boost::system::error_code error;
  const address ip = boost::asio::ip::make_address(std::string(text), error);
  return error ? std::nullopt : std::optional(ip);
}

}  // namespace

Origin forwarded_origin(const Headers& headers, const net::Networks& trusted, Origin direct) {
  Origin origin = std::move(direct);
  const std::string hops = headers.joined("X-Forwarded-For");
  for (std::string_view left = hops; !left.empty();) {
    const auto hop = address_of(take_last(left));
    if (!hop) break;
    origin.client_ip = net::ip_text(*hop);
    if (!net::contains(trusted, *hop)) break;
  }
  const std::string schemes = headers.joined("X-Forwarded-Proto");
  std::string_view left = schemes;
  const std::string_view scheme = take_last(left);
  if (iequals(scheme, "https") || iequals(scheme, "wss")) origin.secure = true;
  if (iequals(scheme, "http") || iequals(scheme, "ws")) origin.secure = false;
  return origin;
}

}  // namespace hongyan::http
