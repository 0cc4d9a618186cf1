// Section [deletion].
#pragma once

#include <chrono>
#include <string_view>

#include "infra/config/config.h"

namespace hongyan::account {

struct DeletionConfig {
  static constexpr std::string_view kSection = "deletion";

  std::chrono::milliseconds undo{std::chrono::hours(7 * 24)};
  std::chrono::milliseconds settle{15'000};

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

}  // namespace hongyan::account
