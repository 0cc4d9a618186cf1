#include "infra/async/module.h"

#include <algorithm>
#include <thread>

namespace hongyan::async {
namespace {

// As many as the gateway can tell apart.
constexpr std::size_t kMostThreads = 64;

std::size_t thread_count(const Config& config) {
  if (config.io > 0) return static_cast<std::size_t>(config.io);
  // One core is the sequencer's, and every thread more is one more to wake.
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 2, kMostThreads + 1) - 1;
}

}  // namespace

void Config::bind(config::Binder& binder) {
  binder.field("io", io, "Threads for sockets and requests; 0 is one a core but one, at least one.");
}

void Config::validate(config::Rules& rules) const { rules.between("io", io, 0, kMostThreads); }

Module::Module(Registry& registry) : io_(thread_count(registry.need<config::Module>().section<Config>())) {}

}  // namespace hongyan::async
