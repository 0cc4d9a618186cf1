// Section [codes].
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/account/codes/rules.h"
#include "infra/config/config.h"

namespace hongyan::account {

// How codes are sent, and how many.
struct CodesConfig {
  static constexpr std::string_view kSection = "codes";

  std::string smtp_url;
  std::string smtp_user;
  std::string smtp_password_file;
  std::string smtp_from;
  bool smtp_plain = false;
  std::string sms_url;
  std::string sms_token_file;
  std::string ca_file;
  std::chrono::milliseconds timeout{10'000};
  std::chrono::milliseconds expires{5 * 60'000};
  std::chrono::milliseconds resend{60'000};
  std::int64_t tries = 5;
  std::int64_t daily_per_target = 10;
  std::int64_t daily_per_address = 100;

  CodeLimits limits() const { return {resend, tries, daily_per_target, daily_per_address}; }

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

}  // namespace hongyan::account
