// Wires the io threads.
#pragma once

#include <string>
#include <vector>

#include "base/registry.h"
#include "infra/async/io_threads.h"
#include "infra/config/config.h"

namespace hongyan::async {

// Section [threads].
struct Config {
  static constexpr std::string_view kSection = "threads";

  // 0 is one a core but one.
  std::int64_t io = 0;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

// Owns the io threads; they run from construction until everything built later has stopped. Main thread only.
class Module final : public hongyan::Module {
 public:
  explicit Module(Registry& registry);

  void stop() noexcept override { io_.stop(); }

  IoThreads& io() { return io_; }

 private:
  IoThreads io_;
};

}  // namespace hongyan::async
