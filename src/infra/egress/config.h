// Section [egress].
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "infra/config/config.h"
#include "infra/net/network.h"

namespace hongyan::egress {

// What requests to addresses that users gave may do.
struct Config {
  static constexpr std::string_view kSection = "egress";

  std::vector<std::string> allow;
  bool allow_http = false;
  std::string ca_file;
  std::int64_t threads = 8;
  std::int64_t queue = 256;
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds timeout{10'000};
  std::int64_t max_header_bytes = 16'384;
  std::int64_t max_body_bytes = 1'048'576;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
  // `allow`, which has been validated.
  net::Networks allowed() const;
};

}  // namespace hongyan::egress
