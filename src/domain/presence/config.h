// Section [presence].
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "infra/config/config.h"

namespace hongyan::presence {

struct Config {
  static constexpr std::string_view kSection = "presence";

  std::chrono::milliseconds grace{45'000};
  std::chrono::milliseconds close_grace{10'000};
  std::chrono::milliseconds interval{1'000};
  std::chrono::milliseconds recheck{30'000};
  std::chrono::milliseconds typing{6'000};
  std::chrono::milliseconds typing_interval{2'000};
  std::int64_t typing_members = 50;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

}  // namespace hongyan::presence
