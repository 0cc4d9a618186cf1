#include "app/doctor/edges.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include "edge/grpc/config.h"
#include "edge/http/config.h"
#include "infra/net/address.h"
#include "infra/net/listener.h"
#include "infra/net/module.h"

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

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kSoonMs = 14 * kDayMs;

Finding check_certificate(const net::TlsFiles& files, TimeMs now) {
  net::TlsContext context;
  const auto pair = net::TlsPair::read(files);
  const auto used = pair ? context.use(*pair) : fail(pair.error());
  if (!used)
    return Finding::failure(used.error().detail, "tls.cert and tls.key must name PEM files that belong together");
  const auto info = net::inspect_certificate(pair->certificate);
  if (!info) return Finding::failure(info.error().detail, "openssl x509 -text -in " + files.certificate.string());
  const std::int64_t left = info->not_after.value - now.value;
  const std::string what = fmt::format("the certificate {} is for {} and ends in {} days", files.certificate.string(),
                                       fmt::join(info->names, ", "), left / kDayMs);
  const char* mend = "renew it (certbot renew); the server takes the new files by itself";
  if (left <= 0) return Finding::failure(fmt::format("the certificate {} has ended", files.certificate.string()), mend);
  return left < kSoonMs ? Finding::warning(what, mend) : Finding::good(what);
}

Finding check_encryption(const edge::HttpConfig& http, const std::string& mode) {
  if (mode == "self-signed") {
    return Finding::good("TLS with a certificate of the server's own: browsers ask once whether to trust it");
  }
  if (net::is_loopback(http.listen)) return Finding::good("without TLS, and reachable from this machine only");
  const std::string what = fmt::format("without TLS on {}", http.listen);
  if (http.public_url.starts_with("https://")) return Finding::good(what + ", behind a proxy that has it");
  return Finding::warning(what + ": passwords and messages travel in the clear",
                          "hongyan serve --tls=self-signed, or --tls-cert F --tls-key F, or a proxy (deploy/proxy)");
}

}  // namespace

Findings check_ports(const config::Values& values) {
  std::vector<std::string> ignored;
  const auto http = config::load<edge::HttpConfig>(values, ignored);
  const auto metrics = config::load<edge::MetricsConfig>(values, ignored);
  const auto grpc = config::load<edge::GrpcConfig>(values, ignored);
  Findings found{check_port("http", http.listen, http.port), check_port("metrics", metrics.listen, metrics.port)};
  if (grpc.enabled) found.push_back(check_port("grpc", grpc.listen, grpc.port));
  return found;
}

Findings check_edges(const config::Values& values, TimeMs now) {
  std::vector<std::string> ignored;
  const auto http = config::load<edge::HttpConfig>(values, ignored);
  const auto metrics = config::load<edge::MetricsConfig>(values, ignored);
  const auto tls = config::load<net::Config>(values, ignored);
  const auto grpc = config::load<edge::GrpcConfig>(values, ignored);
  Findings found{tls.mode == "files" ? check_certificate(tls.files(), now) : check_encryption(http, tls.mode)};
  // Behind a proxy that is not known as one, every client has the proxy's address: one of them uses up the limits of all.
  const bool proxied = http.public_url.starts_with("https://") && tls.mode == "off";
  if (proxied && http.trusted_proxies.empty()) {
    found.push_back(
        Finding::warning("http.public_url is https and TLS is off, so a proxy must be in front, but none is trusted: "
                         "all clients have its address",
                         "HONGYAN_HTTP_TRUSTED_PROXIES=127.0.0.1 (the proxy's address)"));
  }
  if (const auto exposure = grpc.exposure(tls.mode != "off")) {
    found.push_back(Finding::failure(*exposure, "hongyan serve --tls=self-signed, or HONGYAN_GRPC_LISTEN=127.0.0.1"));
  }
  if (!net::is_loopback(metrics.listen)) {
    found.push_back(Finding::warning(fmt::format("/metrics has no login and listens on {}", metrics.listen),
                                     "HONGYAN_METRICS_LISTEN=127.0.0.1"));
  }
  return found;
}

}  // namespace hongyan::app
