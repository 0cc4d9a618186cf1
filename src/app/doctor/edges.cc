#include "app/doctor/edges.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include "edge/http/config.h"
#include "infra/net/address.h"
#include "infra/net/listener.h"

namespace hongyan::app {
namespace {

Finding check_port(const char* section, const std::string& listen, std::int64_t port) {
  const auto endpoint = net::make_endpoint(listen, static_cast<std::uint16_t>(port));
  if (!endpoint)
    return Finding::failure(fmt::format("{}.listen: {}", section, endpoint.error().detail), "hongyan check-config");
  boost::asio::io_context context;
  const auto listening = net::listen(context, *endpoint);
  const std::string where = net::to_text(*endpoint);
  if (listening) return Finding::good(fmt::format("{} is free ({}.port)", where, section));
  return Finding::failure(fmt::format("{} cannot be had ({}.port): {}", where, section, listening.error().detail),
                          fmt::format("ss -ltnp 'sport = :{}' shows who has it; or set {}.port", port, section));
}

bool is_loopback(const std::string& listen) {
  const auto endpoint = net::make_endpoint(listen, 0);
  return endpoint && endpoint->address().is_loopback();
}

}  // namespace

Findings check_ports(const config::Values& values) {
  std::vector<std::string> ignored;
  const auto http = config::load<edge::HttpConfig>(values, ignored);
  const auto metrics = config::load<edge::MetricsConfig>(values, ignored);
  return {check_port("http", http.listen, http.port), check_port("metrics", metrics.listen, metrics.port)};
}

Findings check_edges(const config::Values& values) {
  std::vector<std::string> ignored;
  const auto http = config::load<edge::HttpConfig>(values, ignored);
  const auto metrics = config::load<edge::MetricsConfig>(values, ignored);
  Findings found;
  if (!is_loopback(metrics.listen)) {
    found.push_back(Finding::warning(fmt::format("/metrics has no login and listens on {}", metrics.listen),
                                     "HONGYAN_METRICS_LISTEN=127.0.0.1"));
  }
  return found;
}

}  // namespace hongyan::app
