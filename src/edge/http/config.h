// Section [http].
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "infra/config/config.h"
#include "infra/http/server.h"

namespace hongyan::edge {

// The public port: REST, WebSocket, web client.
struct HttpConfig {
  static constexpr std::string_view kSection = "http";

  std::string listen = "127.0.0.1";
  std::int64_t port = 8080;
  // How browsers reach us, when that is not the Host they send: "https://chat.example".
  std::string public_url;
  std::string web_root;
  std::vector<std::string> trusted_proxies;
  std::int64_t max_body_bytes = 1024 * 1024;
  std::int64_t max_connections = 16'000;
  std::chrono::milliseconds request_timeout{10'000};
  std::chrono::milliseconds idle_timeout{60'000};

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
  http::ServerConfig server() const;
  // Host of public_url, without brackets; empty when there is none.
  std::string public_host() const;
};

// Section [metrics]: the port that /metrics is served on.
struct MetricsConfig {
  static constexpr std::string_view kSection = "metrics";

  std::string listen = "127.0.0.1";
  std::int64_t port = 9100;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
  http::ServerConfig server() const;
};

}  // namespace hongyan::edge
