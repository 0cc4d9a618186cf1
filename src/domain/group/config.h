// Section [group].
#pragma once

#include <cstdint>
#include <string_view>

#include "infra/config/config.h"

namespace hongyan::group {

struct Config {
  static constexpr std::string_view kSection = "group";

  std::int64_t max_members = 2000;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

}  // namespace hongyan::group
