#include "infra/async/module.h"

#include <algorithm>
#include <thread>

namespace hongyan::async {
namespace {

std::size_t thread_count(const Config& config) {
  if (config.io > 0) return static_cast<std::size_t>(config.io);
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

void Config::bind(config::Binder& binder) {
  binder.field("io", io, "Threads for sockets and requests; 0 is one a core.");
}

void Config::validate(config::Rules& rules) const { rules.between("io", io, 0, 1024); }

Module::Module(Registry& registry) : io_(thread_count(registry.need<config::Module>().section<Config>())) {}

}  // namespace hongyan::async
