#include "infra/egress/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace hongyan::egress {
namespace {

namespace urls = boost::urls;

constexpr std::size_t kMaxUrl = 2048;
constexpr std::size_t kMaxName = 253;
constexpr std::uint16_t kHttps = 443;
constexpr std::uint16_t kHttp = 80;
constexpr std::uint16_t kFirstFree = 1024;

std::unexpected<Error> refused(std::string why) { return fail(Error::invalid("url", std::move(why))); }

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

// A last label that begins with a digit: no such top level exists, but inet_aton reads 2130706433 and 0x7f.1 as addresses.
bool ends_in_number(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
  return !last.empty() && last.front() >= '0' && last.front() <= '9';
}

Result<std::string> host_name(const urls::url_view& url) {
  std::string name = url.host();
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (name.ends_with('.')) name.pop_back();
  if (name.empty() || name.size() > kMaxName || name.front() == '.' || name.contains("..") ||
      !std::ranges::all_of(name, is_name_character)) {
    return refused("host is no name");
  }
  if (ends_in_number(name)) return refused("host looks like an address and is none");
  return name;
}

Result<std::uint16_t> port_of(const urls::url_view& url, bool https) {
  const std::uint16_t usual = https ? kHttps : kHttp;
  if (!url.has_port() || url.port().empty()) return usual;
  const std::uint16_t port = url.port_number();
  if (port != usual && port < kFirstFree) return refused("port");
  return port;
}

}  // namespace

Result<Target> parse_target(std::string_view text, bool allow_http) {
  if (text.size() > kMaxUrl) return refused("too long");
  const auto parsed = urls::parse_uri(text);
  if (!parsed) return refused("no absolute URL");
  const urls::url_view& url = *parsed;
  const bool https = url.scheme_id() == urls::scheme::https;
  if (!https && !(allow_http && url.scheme_id() == urls::scheme::http)) return refused("scheme");
  // The library takes "https://1.2.3.4.5" for the host 1.2.3.4 and the path .5.
  const std::string_view path = url.encoded_path();
  if (!path.empty() && !path.starts_with('/')) return refused("host or port");
  if (url.has_userinfo()) return refused("user name or password");

  Target target;
  HY_TRY(target.port, port_of(url, https));
  boost::system::error_code error;
  switch (url.host_type()) {
    case urls::host_type::ipv4:
    case urls::host_type::ipv6:
      target.host = url.host_address();
      target.address = boost::asio::ip::make_address(target.host, error);
      if (error) return refused("address");
      break;
    case urls::host_type::name: {
      HY_TRY(target.host, host_name(url));
      break;
    }
    default: return refused("host");
  }
  const bool bracketed = target.address && target.address->is_v6();
  target.url = fmt::format("{}://{}{}{}:{}{}{}", https ? "https" : "http", bracketed ? "[" : "", target.host,
                           bracketed ? "]" : "", target.port, path.empty() ? "/" : path,
                           url.has_query() ? "?" + std::string(std::string_view(url.encoded_query())) : "");
  return target;
}

}  // namespace hongyan::egress
