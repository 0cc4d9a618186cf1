// Wires the way out.
#pragma once

#include "base/registry.h"
#include "infra/egress/client.h"

namespace hongyan::egress {

// Owns the client. Main thread only; client() is thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  void stop() noexcept override { client_.stop(); }

  Client& client() { return client_; }

 private:
  SystemResolver resolver_;
  Client client_;
};

}  // namespace hongyan::egress
