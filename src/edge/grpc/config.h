// Section [grpc].
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/config/config.h"

namespace hongyan::edge {

// The gRPC port. It has an address of its own, so that it does not leave the machine because somebody opened the HTTP port.
struct GrpcConfig {
  static constexpr std::string_view kSection = "grpc";

  bool enabled = true;
  std::string listen = "127.0.0.1";
  std::int64_t port = 50051;
  bool insecure = false;
  std::int64_t max_message_bytes = 1'048'576;
  std::int64_t max_calls = 4096;
  std::int64_t max_calls_per_connection = 1000;
  std::int64_t max_streams = 200;
  std::int64_t max_memory_bytes = 268'435'456;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;

  // What speaks against opening the port like this, nothing when all is well: in plain text it stays on the machine,
  // unless `insecure` says otherwise.
  std::optional<std::string> exposure(bool encrypted) const;
};

}  // namespace hongyan::edge
