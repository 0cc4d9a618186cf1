#include "edge/http/module.h"

#include "domain/account/captcha/config.h"
#include "domain/integration/module.h"
#include "domain/message/module.h"
#include "edge/gateway/module.h"
#include "edge/http/embedded_files.h"
#include "edge/rpc/module.h"
#include "infra/async/module.h"
#include "infra/log/log.h"
#include "infra/metrics/module.h"
#include "infra/net/module.h"
#include "wire/module.h"

namespace hongyan::edge {
namespace {

constexpr std::chrono::milliseconds kStopPatience{1'000};

void log_server_event(std::string_view event, std::string_view details) { log::warn(event, {{"details", details}}); }

Readiness readiness_of(message::Api& messages) {
  return [&messages]() -> std::vector<std::string> {
    if (!messages.ready()) return {"message_store"};
    return {};
  };
}

std::optional<WebFolder> web_folder_of(const HttpConfig& config) {
  if (config.web_root.empty()) return std::nullopt;
  return WebFolder(config.web_root);
}

http::ServerConfig public_server(const HttpConfig& config, const net::Module& tls) {
  http::ServerConfig server = config.server();
  server.tls = tls.context();
  return server;
}

}  // namespace

HttpModule::HttpModule(Registry& registry)
    : config_(registry.need<config::Module>().section<HttpConfig>()),
      metrics_config_(registry.need<config::Module>().section<MetricsConfig>()),
      readiness_(readiness_of(registry.need<message::Module>().api())),
      pages_{.web_client = http::StaticFiles(web_client_files()),
             .web_folder = web_folder_of(config_),
             .api_docs = http::StaticFiles(api_docs_files(), {.immutable_prefix = "/docs/assets/", .fallback = ""}),
             .captcha_sources = registry.need<config::Module>().section<account::CaptchaConfig>().sources()},
      rest_(registry.need<wire::Module>().dispatcher(), registry.need<RpcModule>().runner(), config_),
      hooks_(registry.need<integration::Module>().api(), registry.need<RpcModule>().limiter(),
             registry.need<metrics::Module>().metrics()),
      front_(rest_, hooks_, registry.need<gateway::Module>().gateway(), pages_, config_, readiness_),
      metrics_page_([&metrics = registry.need<metrics::Module>().metrics()] { return metrics.text(); }),
      encrypted_(registry.need<net::Module>().enabled()),
      server_(public_server(config_, registry.need<net::Module>()), registry.need<async::Module>().io(), front_,
              log_server_event),
      metrics_server_(metrics_config_.server(), registry.need<async::Module>().io(), metrics_page_, log_server_event) {}

void HttpModule::start() {
  server_.start();
  metrics_server_.start();
  // Off the io threads; until it is done files go out as they are.
  compression_ = std::jthread([this] {
    pages_.web_client.compress();
    pages_.api_docs.compress();
  });
}

void HttpModule::stop() noexcept {
  server_.stop_accepting();
  server_.stop(kStopPatience);
  metrics_server_.stop(kStopPatience);
  if (compression_.joinable()) compression_.join();
}

}  // namespace hongyan::edge
