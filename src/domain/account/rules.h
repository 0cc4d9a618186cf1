// Pure rules of accounts: names, passwords, profiles, refresh tokens. No I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "domain/account/types.h"
#include "infra/crypto/random.h"

namespace hongyan::account {

// The one spelling of a username: lower case, 4 to 32 of [a-z0-9_]. Error: invalid_argument on `field`.
Result<std::string> fold_username(std::string_view text, std::string_view field = "username");

// Whether the password may be taken by the user. Error: weak_password on `field`.
Result<void> check_password(std::string_view password, std::string_view username, std::int64_t min_characters,
                            std::string_view field);

// Characters at most.
inline constexpr std::size_t kMaxNickname = 64;
inline constexpr std::size_t kMaxSignature = 200;
inline constexpr std::size_t kMaxGender = 32;
inline constexpr std::size_t kMaxRegion = 64;
inline constexpr std::size_t kMaxDeviceName = 64;

// An existing day as YYYY-MM-DD from 1900 on, or empty. Error: invalid_argument on `birthday`.
Result<void> check_birthday(std::string_view text);

// A password to be typed once: 99 bits, no letters that look alike.
std::string one_time_password(crypto::RandomSource& random);

// What is known when a refresh token is presented.
struct RefreshFacts {
  std::int64_t token_generation = 0;
  // When it was traded; absent while it is in force.
  std::optional<TimeMs> token_rotated;
  std::int64_t device_generation = 0;
  // Whether the token in force, or an access token issued with it, was used.
  bool device_generation_used = false;
  TimeMs session_expires;
  bool device_revoked = false;
  bool user_enabled = true;
};

enum class RefreshVerdict : std::uint8_t {
  // In force: trade it for its successor.
  rotate,
  // Traded, but whoever holds it may not have got the answer: give the same successor again.
  repeat,
  // Traded long ago: somebody kept a copy, so the device is revoked.
  reuse,
  // The device was revoked before.
  revoked,
  // The session lapsed.
  lapsed,
  // The account is disabled.
  disabled,
  // Nobody knows the token.
  unknown,
};

// What to do with a known refresh token. `grace` is how long a traded one is answered in any case.
RefreshVerdict judge_refresh(const RefreshFacts& facts, TimeMs now, std::chrono::milliseconds grace);

// Every audience has a name. Errors: invalid_argument naming the field.
Result<void> check_settings(const SettingsChange& change);
// The settings with the change.
Settings changed(Settings settings, const SettingsChange& change);
v1::Settings to_proto(const Settings& settings);

}  // namespace hongyan::account
