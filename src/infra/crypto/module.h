// Wires cryptography: the secrets of the installation, randomness, and the pool that hashes passwords.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/registry.h"
#include "infra/async/blocking_pool.h"
#include "infra/config/config.h"
#include "infra/crypto/jwt.h"
#include "infra/crypto/password.h"
#include "infra/crypto/random.h"
#include "infra/crypto/secrets.h"

namespace hongyan::crypto {

// Section [crypto].
struct Config {
  static constexpr std::string_view kSection = "crypto";

  // 0 is one a core.
  std::int64_t threads = 0;
  std::int64_t queue = 256;
  std::int64_t argon2_memory_kib = 19 * 1024;
  std::int64_t argon2_passes = 2;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

// Owns the pool `cpu`, the hasher and the secrets of DATA/secrets. Built and stopped on the main thread; what it hands
// out is thread-safe.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  void stop() noexcept override { cpu_.stop(); }

  async::BlockingPool& cpu() { return cpu_; }
  RandomSource& random() { return random_; }
  const PasswordHasher& passwords() const { return passwords_; }
  const Secrets& secrets() const { return secrets_; }

 private:
  Module(const Config& config, Registry& registry);

  async::BlockingPool cpu_;
  SystemRandom random_;
  PasswordHasher passwords_;
  Secrets secrets_;
};

}  // namespace hongyan::crypto
