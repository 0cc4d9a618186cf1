// Wires the public port and the metrics port.
#pragma once

#include <memory>
#include <thread>

#include "base/registry.h"
#include "edge/http/front.h"

namespace hongyan::edge {

// Owns both servers. Listens from start() on: everything below is ready by then. Main thread only.
class HttpModule final : public hongyan::Module {
 public:
  explicit HttpModule(Registry& registry);

  // Throws when an address cannot be had.
  void start() override;
  void stop() noexcept override;

  // "http://127.0.0.1:8080", or https with TLS, once started.
  std::string url() const { return (encrypted_ ? "https://" : "http://") + server_.address(); }
  std::string metrics_address() const { return metrics_server_.address(); }
  // There are pages to serve.
  bool has_web_client() const { return pages_.web_folder || pages_.web_client.size() > 0; }
  // What is missing before the process may serve; empty when it may.
  std::vector<std::string> missing() const { return readiness_(); }

 private:
  const HttpConfig config_;
  const MetricsConfig metrics_config_;
  const Readiness readiness_;
  StaticPages pages_;
  Rest rest_;
  Hooks hooks_;
  Front front_;
  MetricsPage metrics_page_;
  const bool encrypted_;
  http::Server server_;
  http::Server metrics_server_;
  std::jthread compression_;
};

}  // namespace hongyan::edge
