// Wires the presence slice.
#pragma once

#include "base/registry.h"
#include "domain/presence/service.h"
#include "domain/presence/sql_store.h"
#include "domain/presence/typing/service.h"
#include "infra/async/periodic.h"
#include "infra/async/scope.h"
#include "infra/kv/leases/memory_leases.h"

namespace hongyan::presence {

// Owns store, leases and services, and the clockwork of presence, which belongs to one io thread. Main thread only; api() is
// thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  void start() override;
  // Writes when people were last here.
  void stop() noexcept override;

  Api& api() { return service_; }

 private:
  // Resolves with the pause until the next one.
  async::Task<std::chrono::milliseconds> turn();

  const Config config_;
  SqlStore store_;
  kv::MemoryLeases leases_;
  Service service_;
  TypingService typing_;
  const boost::asio::any_io_executor executor_;
  async::Periodic turns_;
  async::Scope last_;
};

}  // namespace hongyan::presence
