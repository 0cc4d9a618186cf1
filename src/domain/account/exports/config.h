// Section [exports].
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "infra/config/config.h"

namespace hongyan::account {

struct ExportConfig {
  static constexpr std::string_view kSection = "exports";

  std::int64_t daily = 3;
  std::chrono::milliseconds keep{std::chrono::hours(7 * 24)};

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

}  // namespace hongyan::account
