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

std::vector<std::string> Config::validate() const {
  if (io < 0 || io > 1024) return {"threads.io must be 0 to 1024"};
  return {};
}

Module::Module(Registry& registry) : io_(thread_count(registry.need<config::Module>().section<Config>())) {}

}  // namespace hongyan::async
