// Section [auth].
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/account/types.h"
#include "infra/config/config.h"

namespace hongyan::account {

struct Config {
  static constexpr std::string_view kSection = "auth";

  // open, invite, closed, or auto: open while the server listens on loopback only, by invite beyond.
  std::string registration = "auto";
  std::int64_t password_min_length = 8;
  std::chrono::milliseconds access_token{15 * 60'000};
  std::chrono::milliseconds session{std::chrono::hours(30 * 24)};
  std::chrono::milliseconds refresh_grace{60'000};
  std::int64_t max_devices = 20;
  // any, one_per_platform or one.
  std::string device_policy = "any";

  DevicePolicy policy() const;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

}  // namespace hongyan::account
