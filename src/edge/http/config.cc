#include "edge/http/config.h"

#include <boost/url/parse.hpp>
#include <filesystem>

#include "infra/net/address.h"
#include "infra/net/descriptors.h"

namespace hongyan::edge {
namespace {

void check_address(config::Rules& rules, const std::string& listen, std::int64_t port) {
  rules.must_be("an IP address or localhost", "listen", net::make_endpoint(listen, 0).has_value());
  rules.between("port", port, 0, 65'535);
}

bool is_folder(const std::string& path) {
  std::error_code unknown;
  return std::filesystem::is_directory(path, unknown);
}

}  // namespace

void HttpConfig::bind(config::Binder& binder) {
  binder.field("listen", listen, "Address to listen on; 0.0.0.0 or :: for all.");
  binder.field("port", port, "Port of REST, WebSocket and the web client; 0 takes a free one.");
  binder.field("public_url", public_url, "How browsers reach this server, when that differs from the Host they send.");
  binder.field("web_root", web_root,
               "Folder the web client is served from instead of the one in the binary, for working on it.");
  binder.field("trusted_proxies", trusted_proxies,
               "Addresses and ranges of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.");
  binder.field("max_body_bytes", max_body_bytes, "Largest body of a request.");
  binder.field("max_connections", max_connections,
               "Connections at once, sockets of clients included; one more is answered 503. Fewer where too few files "
               "may be open.");
  binder.field("request_timeout_ms", request_timeout, "A request must be complete within this from its first byte.");
  binder.field("idle_timeout_ms", idle_timeout, "How long a connection may wait between requests.");
}

void HttpConfig::validate(config::Rules& rules) const {
  check_address(rules, listen, port);
  if (!public_url.empty() && public_host().empty()) {
    rules.refuse("http.public_url must be http:// or https:// with a host and no path, like https://chat.example");
  }
  rules.must_be("a folder", "web_root", web_root.empty() || is_folder(web_root));
  rules.accepts("trusted_proxies", net::parse_networks(trusted_proxies));
  rules.between("max_body_bytes", max_body_bytes, 1024, 64 * 1024 * 1024);
  rules.between("max_connections", max_connections, 1, 1'000'000);
  rules.at_least("request_timeout_ms", request_timeout.count(), 10);
  rules.at_least("idle_timeout_ms", idle_timeout.count(), 10);
}

std::string HttpConfig::public_host() const {
  const auto url = boost::urls::parse_uri(public_url);
  if (!url || (url->scheme() != "http" && url->scheme() != "https")) return {};
  if (url->has_userinfo() || url->has_query() || url->has_fragment()) return {};
  if (!url->encoded_path().empty() && url->encoded_path() != "/") return {};
  return url->host_address();
}

http::ServerConfig HttpConfig::server() const {
  http::ServerConfig server;
  server.address = listen;
  server.port = static_cast<std::uint16_t>(port);
  server.trusted_proxies = net::parse_networks(trusted_proxies).value();
  server.max_body_bytes = static_cast<std::size_t>(max_body_bytes);
  server.max_connections = static_cast<std::size_t>(net::connections_within(net::allowed_files(), max_connections));
  server.request_timeout = request_timeout;
  server.idle_timeout = idle_timeout;
  return server;
}

void MetricsConfig::bind(config::Binder& binder) {
  binder.field("listen", listen, "Address that /metrics is served on; it has no login, so keep it private.");
  binder.field("port", port, "Port of /metrics; 0 takes a free one.");
}

void MetricsConfig::validate(config::Rules& rules) const { check_address(rules, listen, port); }

http::ServerConfig MetricsConfig::server() const {
  http::ServerConfig server;
  server.address = listen;
  server.port = static_cast<std::uint16_t>(port);
  server.max_connections = 100;
  return server;
}

}  // namespace hongyan::edge
