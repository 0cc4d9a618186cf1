// Wires the gateway.
#pragma once

#include "base/registry.h"
#include "edge/gateway/gateway.h"
#include "edge/rpc/module.h"
#include "infra/async/periodic.h"

namespace hongyan::gateway {

// Owns the gateway and the scope of its requests. Main thread only; gateway() is thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  void start() override;
  // Drains: clients are told to reconnect, requests under way are answered, sockets closed.
  void stop() noexcept override;

  Gateway& gateway() { return gateway_; }

 private:
  // Resolves with the pause until the next one.
  async::Task<std::chrono::milliseconds> recheck();

  const Config config_;
  async::Scope scope_;
  Directory directory_;
  Ports ports_;
  Gateway gateway_;
  async::Periodic rechecks_;
};

}  // namespace hongyan::gateway
