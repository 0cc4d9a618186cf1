// What the public port serves: REST, hooks, the WebSocket, health, the web client and the API reference.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "edge/gateway/gateway.h"
#include "edge/http/hooks.h"
#include "edge/http/rest.h"
#include "edge/http/web_folder.h"
#include "infra/http/server.h"
#include "infra/http/static_files.h"

namespace hongyan::edge {

// What is missing before the process may serve; empty when it may.
using Readiness = std::function<std::vector<std::string>()>;

// Owned by the http module.
struct StaticPages {
  http::StaticFiles web_client;
  // In place of it, where one is named.
  std::optional<WebFolder> web_folder;
  // /openapi.json, /asyncapi.json and /docs.
  http::StaticFiles api_docs;
  // What the page that shows a captcha may load from beside this server, as sources of a content policy; empty for none.
  std::string captcha_sources;
};

// Chooses by path. Thread-safe. Owned by the http module; outlives the server.
class Front final : public http::Handler {
 public:
  Front(Rest& rest, Hooks& hooks, gateway::Gateway& gateway, const StaticPages& pages, const HttpConfig& config,
        Readiness readiness);

  async::Task<http::Response> handle(http::Request request) override;
  bool wants_upgrade(const http::Request& request) override;
  void upgrade(std::unique_ptr<net::Stream> stream, http::Request request, std::string leftover) override;
  http::Response error_response(ErrorCode code) override;

 private:
  async::Task<http::Response> choose(http::Request request);
  http::Response secured_error(const Error& error);
  http::Response refused_socket(const http::Request& request);
  bool is_foreign_page(const http::Request& request) const;
  http::Response ready() const;

  Rest& rest_;
  Hooks& hooks_;
  gateway::Gateway& gateway_;
  const StaticPages& pages_;
  const HttpConfig& config_;
  const Readiness readiness_;
  const std::string captcha_policy_;
};

// Serves /metrics, alone on its port. Thread-safe.
class MetricsPage final : public http::Handler {
 public:
  explicit MetricsPage(std::function<std::string()> text) : text_(std::move(text)) {}
  async::Task<http::Response> handle(http::Request request) override;

 private:
  const std::function<std::string()> text_;
};

}  // namespace hongyan::edge
