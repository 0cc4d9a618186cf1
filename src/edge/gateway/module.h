// Wires the gateway.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "base/registry.h"
#include "edge/gateway/gateway.h"
#include "edge/rpc/module.h"

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
  void schedule_recheck();

  const Config config_;
  async::Scope scope_;
  Directory directory_;
  Ports ports_;
  Gateway gateway_;
  boost::asio::steady_timer recheck_timer_;
};

}  // namespace hongyan::gateway
