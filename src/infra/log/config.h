// Section [log].
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "infra/config/config.h"
#include "infra/log/log.h"

namespace hongyan::log {

struct Config {
  static constexpr std::string_view kSection = "log";

  std::string level = "info";
  std::string format = "text";

  void bind(config::Binder& binder) {
    binder.field("level", level, "debug, info, warn or error.");
    binder.field("format", format, "text for people, json for machines.");
  }
  std::vector<std::string> validate() const {
    std::vector<std::string> problems;
    if (level != "debug" && level != "info" && level != "warn" && level != "error") {
      problems.emplace_back("log.level must be debug, info, warn or error");
    }
    if (format != "text" && format != "json") problems.emplace_back("log.format must be text or json");
    return problems;
  }
  Level parsed_level() const {
    if (level == "debug") return Level::debug;
    if (level == "warn") return Level::warn;
    return level == "error" ? Level::error : Level::info;
  }
  Format parsed_format() const { return format == "json" ? Format::json : Format::text; }
};

}  // namespace hongyan::log
