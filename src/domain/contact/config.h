// Sections [contacts] and [directory].
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "infra/config/config.h"

namespace hongyan::contact {

struct Config {
  static constexpr std::string_view kSection = "contacts";

  bool required = true;
  std::int64_t max_contacts = 5000;
  std::int64_t max_pending = 100;
  std::chrono::milliseconds request_life = std::chrono::hours(7 * 24);

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

struct DirectoryConfig {
  static constexpr std::string_view kSection = "directory";

  // exact, contacts or all.
  std::string search = "exact";

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

}  // namespace hongyan::contact
