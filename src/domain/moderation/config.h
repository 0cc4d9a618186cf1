// Section [moderation].
#pragma once

#include <cstdint>
#include <string_view>

#include "infra/config/config.h"

namespace hongyan::moderation {

struct Config {
  static constexpr std::string_view kSection = "moderation";

  std::int64_t reports_per_day = 50;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

}  // namespace hongyan::moderation
