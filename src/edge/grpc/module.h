// Wires the gRPC port.
#pragma once

#include <optional>
#include <string>

#include "base/registry.h"
#include "edge/grpc/server.h"
#include "infra/net/module.h"

namespace hongyan::edge {

// Owns the gRPC server; listens from start() on. Main thread only.
class GrpcModule final : public hongyan::Module {
 public:
  explicit GrpcModule(Registry& registry);

  // Throws when the address cannot be had, or must not be without TLS.
  void start() override;
  void stop() noexcept override;

  // "127.0.0.1:50051", once started; nothing when the port is switched off.
  std::optional<std::string> address() const;

 private:
  std::optional<GrpcTls> tls() const;

  const GrpcConfig config_;
  const net::Module& net_;
  GrpcServer server_;
};

}  // namespace hongyan::edge
