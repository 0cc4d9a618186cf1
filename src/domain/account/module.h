// Wires the account slice.
#pragma once

#include <memory>

#include "base/registry.h"
#include "domain/account/api.h"
#include "domain/account/registration_service.h"

namespace hongyan::account {

// Owns stores, services and caches of the slice and registers its rpcs. Main thread only; api() is thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);
  ~Module() override;

  void stop() noexcept override;

  Api& api();
  // Whoever listens says so here, before the first request.
  RegistrationPolicy& registration();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace hongyan::account
