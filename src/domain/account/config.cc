#include "domain/account/config.h"

#include <algorithm>
#include <array>
#include <optional>

namespace hongyan::account {
namespace {

std::optional<DevicePolicy> policy_named(std::string_view name) {
  if (name == "any") return DevicePolicy::any;
  if (name == "one_per_platform") return DevicePolicy::one_per_platform;
  if (name == "one") return DevicePolicy::one;
  return std::nullopt;
}

}  // namespace

DevicePolicy Config::policy() const { return policy_named(device_policy).value_or(DevicePolicy::any); }

void Config::bind(config::Binder& binder) {
  binder.field("registration", registration,
               "Who may register: open, invite, closed, or auto (open while the server listens on loopback only, else "
               "by invite).");
  binder.field("password_min_length", password_min_length, "Fewest characters of a password.");
  binder.field("access_token_ms", access_token, "How long an access token lives.");
  binder.field("session_ms", session, "How long a session lives without a refresh.");
  binder.field("refresh_grace_ms", refresh_grace, "How long a traded refresh token is answered again in any case.");
  binder.field(
      "device_policy", device_policy,
      "Which devices of one user may be logged in at a time: any, one_per_platform or one; the new one stays.");
  binder.field("max_devices", max_devices, "Devices of one user; beyond it the longest inactive one is logged out.");
}

void Config::validate(config::Rules& rules) const {
  using namespace std::chrono_literals;
  constexpr std::array<std::string_view, 4> kModes{"auto", "open", "invite", "closed"};
  rules.must_be("auto, open, invite or closed", "registration",
                std::ranges::find(kModes, registration) != kModes.end());
  rules.must_be("any, one_per_platform or one", "device_policy", policy_named(device_policy).has_value());
  rules.between("password_min_length", password_min_length, 1, 64);
  rules.between("access_token_ms", access_token, 1s, 24h);
  rules.between("session_ms", session, access_token, 366 * 24h);
  rules.between("refresh_grace_ms", refresh_grace, 0s, 1h);
  rules.between("max_devices", max_devices, 1, 1000);
}

}  // namespace hongyan::account
