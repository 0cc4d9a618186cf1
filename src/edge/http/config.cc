#include "edge/http/config.h"

#include <boost/url/parse.hpp>

#include "infra/net/address.h"

namespace hongyan::edge {
namespace {

void check_address(const char* section, const std::string& listen, std::int64_t port,
                   std::vector<std::string>& problems) {
  if (port < 0 || port > 65'535) problems.push_back(fmt::format("{}.port must be 0 to 65535", section));
  if (!net::make_endpoint(listen, 0))
    problems.push_back(fmt::format("{}.listen must be an IP address or localhost", section));
}

}  // namespace

void HttpConfig::bind(config::Binder& binder) {
  binder.field("listen", listen, "Address to listen on; 0.0.0.0 or :: for all.");
  binder.field("port", port, "Port of REST, WebSocket and the web client; 0 takes a free one.");
  binder.field("public_url", public_url, "How browsers reach this server, when that differs from the Host they send.");
  binder.field("trusted_proxies", trusted_proxies,
               "Addresses and ranges of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.");
  binder.field("max_body_bytes", max_body_bytes, "Largest body of a request.");
  binder.field("max_connections", max_connections, "HTTP connections at once; one more is answered 503.");
  binder.field("request_timeout_ms", request_timeout, "A request must be complete within this from its first byte.");
  binder.field("idle_timeout_ms", idle_timeout, "How long a connection may wait between requests.");
}

std::vector<std::string> HttpConfig::validate() const {
  std::vector<std::string> problems;
  check_address("http", listen, port, problems);
  if (!public_url.empty() && public_host().empty()) {
    problems.emplace_back(
        "http.public_url must be http:// or https:// with a host and no path, like https://chat.example");
  }
  for (const std::string& proxy : trusted_proxies) {
    if (auto network = net::Network::parse(proxy); !network) {
      problems.push_back("http.trusted_proxies: " + network.error().detail);
    }
  }
  if (max_body_bytes < 1024 || max_body_bytes > 64 * 1024 * 1024)
    problems.emplace_back("http.max_body_bytes must be 1024 to 67108864");
  if (max_connections < 1) problems.emplace_back("http.max_connections must be at least 1");
  if (request_timeout.count() < 10) problems.emplace_back("http.request_timeout_ms must be at least 10");
  if (idle_timeout.count() < 10) problems.emplace_back("http.idle_timeout_ms must be at least 10");
  return problems;
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
  for (const std::string& proxy : trusted_proxies) {
    // validate() has let only networks through.
    server.trusted_proxies.push_back(net::Network::parse(proxy).value());
  }
  server.max_body_bytes = static_cast<std::size_t>(max_body_bytes);
  server.max_connections = static_cast<std::size_t>(max_connections);
  server.request_timeout = request_timeout;
  server.idle_timeout = idle_timeout;
  return server;
}

void MetricsConfig::bind(config::Binder& binder) {
  binder.field("listen", listen, "Address that /metrics is served on; it has no login, so keep it private.");
  binder.field("port", port, "Port of /metrics; 0 takes a free one.");
}

std::vector<std::string> MetricsConfig::validate() const {
  std::vector<std::string> problems;
  check_address("metrics", listen, port, problems);
  return problems;
}

http::ServerConfig MetricsConfig::server() const {
  http::ServerConfig server;
  server.address = listen;
  server.port = static_cast<std::uint16_t>(port);
  server.max_connections = 100;
  return server;
}

}  // namespace hongyan::edge
