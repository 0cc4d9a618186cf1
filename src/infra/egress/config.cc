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

void Config::validate(config::Rules& rules) const {
  rules.accepts("allow", net::parse_networks(allow));
  if (!ca_file.empty() && !std::filesystem::is_regular_file(ca_file))
    rules.refuse("egress.ca_file: there is no file " + ca_file);
  rules.between("threads", threads, 1, 256);
  rules.between("queue", queue, 1, 100'000);
  rules.between("connect_timeout_ms", connect_timeout.count(), 10, 60'000);
  rules.between("timeout_ms", timeout.count(), 10, 60'000);
  rules.between("max_header_bytes", max_header_bytes, 1024, 1024 * 1024);
  rules.between("max_body_bytes", max_body_bytes, 0, 64 * 1024 * 1024);
}

net::Networks Config::allowed() const { return net::parse_networks(allow).value(); }

}  // namespace hongyan::egress
