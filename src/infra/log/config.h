// Section [log].
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "infra/config/config.h"
#include "infra/log/log.h"

namespace hongyan::log {

struct Config {
  static constexpr std::string_view kSection = "log";

  std::string level = "info";
  std::string modules;
  std::string format = "text";
  std::string file;
  std::int64_t max_file_bytes = 64 * 1024 * 1024;
  std::int64_t keep_files = 5;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
  // Of a valid section.
  Levels levels() const;
  Output output() const;
};

}  // namespace hongyan::log
