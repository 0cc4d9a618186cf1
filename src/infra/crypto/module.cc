#include "infra/crypto/module.h"

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "infra/async/module.h"
#include "infra/config/data_folder.h"

namespace hongyan::crypto {
namespace {

std::size_t thread_count(const Config& config) {
  if (config.threads > 0) return static_cast<std::size_t>(config.threads);
  return std::max(1U, std::thread::hardware_concurrency());
}

PasswordCost cost_of(const Config& config) {
  return {static_cast<std::size_t>(config.argon2_memory_kib) * 1024, static_cast<unsigned>(config.argon2_passes)};
}

Secrets secrets_in(const std::filesystem::path& folder, RandomSource& random) {
  auto secrets = load_or_create_secrets(folder / "secrets", random);
  if (!secrets) throw std::runtime_error(secrets.error().detail);
  return *std::move(secrets);
}

}  // namespace

void Config::bind(config::Binder& binder) {
  binder.field("threads", threads, "Threads that hash passwords; 0 is one a core.");
  binder.field("queue", queue, "Most password checks that wait; beyond it requests answer unavailable.");
  binder.field("argon2_memory_kib", argon2_memory_kib, "Memory of one password hash in KiB.");
  binder.field("argon2_passes", argon2_passes, "Passes over that memory.");
}

void Config::validate(config::Rules& rules) const {
  rules.between("threads", threads, 0, 256);
  rules.between("queue", queue, 1, 100'000);
  // Libsodium's own floor is 8 KiB and one pass.
  rules.between("argon2_memory_kib", argon2_memory_kib, 8, 4'194'304);
  rules.between("argon2_passes", argon2_passes, 1, 100);
}

Module::Module(Registry& registry) : Module(registry.need<config::Module>().section<Config>(), registry) {}

Module::Module(const Config& config, Registry& registry)
    : cpu_("cpu", thread_count(config), static_cast<std::size_t>(config.queue)),
      passwords_(cost_of(config)),
      secrets_(secrets_in(registry.need<config::DataFolder>().path(), random_)) {
  // Built before this module is, so stopped after it: what waits for a hash resumes there.
  registry.need<async::Module>();
}

}  // namespace hongyan::crypto
