#include "infra/egress/config.h"

#include <filesystem>

namespace hongyan::egress {

void Config::bind(config::Binder& binder) {
  binder.field("allow", allow,
               "Private addresses or ranges that may be called all the same, for endpoints inside: [\"10.1.2.0/24\"].");
  binder.field("allow_http", allow_http, "Allows http:// as well; what is sent can be read on the way.");
  binder.field("ca_file", ca_file, "PEM file of the authorities to trust instead of the system's.");
  binder.field("threads", threads, "Requests under way at once.");
  binder.field("queue", queue, "Requests that may wait for a thread; one more fails at once.");
  binder.field("connect_timeout_ms", connect_timeout, "How long connecting may take, TLS included.");
  binder.field("timeout_ms", timeout, "How long a request may take in all.");
  binder.field("max_header_bytes", max_header_bytes, "Largest head of an answer.");
  binder.field("max_body_bytes", max_body_bytes, "Largest body of an answer.");
}

std::vector<std::string> Config::validate() const {
  std::vector<std::string> problems;
  for (const std::string& range : allow) {
    if (const auto parsed = net::Network::parse(range); !parsed)
      problems.push_back("egress.allow: " + parsed.error().detail);
  }
  if (!ca_file.empty() && !std::filesystem::is_regular_file(ca_file))
    problems.push_back("egress.ca_file: there is no file " + ca_file);
  const auto between = [&problems](const char* key, std::int64_t value, std::int64_t low, std::int64_t high) {
    if (value < low || value > high) problems.push_back(fmt::format("egress.{} must be {} to {}", key, low, high));
  };
  between("threads", threads, 1, 256);
  between("queue", queue, 1, 100'000);
  between("connect_timeout_ms", connect_timeout.count(), 10, 60'000);
  between("timeout_ms", timeout.count(), 10, 60'000);
  between("max_header_bytes", max_header_bytes, 1024, 1024 * 1024);
  between("max_body_bytes", max_body_bytes, 0, 64 * 1024 * 1024);
  return problems;
}

net::Networks Config::allowed() const {
  net::Networks networks;
  for (const std::string& range : allow) {
    if (auto network = net::Network::parse(range)) networks.push_back(*std::move(network));
  }
  return networks;
}

}  // namespace hongyan::egress
