// Wires the account slice.
#pragma once

#include <memory>

#include "base/registry.h"
#include "domain/account/api.h"
#include "domain/account/events.h"

namespace hongyan::account {

struct Parts;
class BulkAccounts;
class CaptchaVerifier;
class PooledSender;
class RegistrationPolicy;

// Owns the slice and registers its rpcs. Main thread only; api() is thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);
  ~Module() override;

  void stop() noexcept override;

  Api& api();
  UserEvents& events();
  // For what fills a data folder.
  BulkAccounts& bulk();
  Invites& invites();
  Bots& bots();
  Privacy& privacy();
  // For slices that keep something of people.
  Deletions& deletions();
  Exports& exports();
  // Whoever listens says here whether strangers can reach it, before the first request.
  RegistrationPolicy& registration();

 private:
  friend class BackgroundModule;

  // First: the parts refer to it.
  std::unique_ptr<PooledSender> code_sender_;
  std::unique_ptr<CaptchaVerifier> captcha_verifier_;
  std::unique_ptr<Parts> parts_;
};

// What the slice does by itself, now and then. Needed after all slices that take part in it, so that it stops before they do.
// Main thread only.
class BackgroundModule final : public hongyan::Module {
 public:
  explicit BackgroundModule(Registry& registry);

  void start() override;
  void stop() noexcept override;

 private:
  Parts& parts_;
};

}  // namespace hongyan::account
