// What codes are about.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.h"
#include "hongyan/v1/auth.pb.h"

namespace hongyan::account {

using TargetKind = v1::CodeTarget;

// An e-mail address or phone number in its one spelling. Value type; made by parse_target() alone. Never logged.
struct Target {
  TargetKind kind = v1::CODE_TARGET_UNSPECIFIED;
  // "alice@example.org", "+8613800000000".
  std::string text;
  bool operator==(const Target&) const = default;
};

// What a code is good for. Numbers are stored.
enum class Purpose : std::uint8_t { login = 1, reset_password = 2, own = 3 };

// What is sent. Value type. Never logged.
struct CodeLetter {
  Target to;
  std::string code;
  Purpose purpose = Purpose::login;
  std::chrono::milliseconds life{0};
};

// Somebody's wish for a code.
struct CodeWish {
  Target target = {};
  Purpose purpose = Purpose::login;
  // The only device that may use it; absent: any.
  std::optional<DeviceId> device = {};
  std::string ip = {};
};

// What they are told, whoever has the target.
struct CodePromise {
  std::chrono::milliseconds life{0};
  std::chrono::milliseconds resend_after{0};
};

// Somebody who shows a code.
struct CodeAttempt {
  Target target;
  Purpose purpose = Purpose::login;
  std::optional<DeviceId> device;
  // As typed.
  std::string code;
};

}  // namespace hongyan::account
