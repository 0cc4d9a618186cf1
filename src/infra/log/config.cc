#include "infra/log/config.h"

#include "base/assert.h"

namespace hongyan::log {
namespace {

constexpr std::int64_t kLeastFileBytes = 64 * 1024;
constexpr std::int64_t kMostKeptFiles = 1000;

}  // namespace

void Config::bind(config::Binder& binder) {
  binder.field("level", level, "debug, info, warn or error.");
  binder.field("modules", modules,
               "Other levels for single modules: \"gateway=debug sql=warn\". At run time: hongyan admin log-level.");
  binder.field("format", format, "text for people, json for machines.");
  binder.field("file", file, "File to write to instead of stderr; a full a.log is kept as a.1.log, a.2.log and so on.");
  binder.field("max_file_bytes", max_file_bytes, "When the log file is full.");
  binder.field("keep_files", keep_files, "How many full files are kept.");
}

std::vector<std::string> Config::validate() const {
  std::vector<std::string> problems;
  Levels parsed;
  if (level.contains('=') || level.empty() || !apply_levels(level, parsed)) {
    problems.emplace_back("log.level must be debug, info, warn or error");
  }
  if (const auto applied = apply_levels(modules, parsed); !applied) {
    problems.push_back("log.modules: " + applied.error().detail);
  }
  if (format != "text" && format != "json") problems.emplace_back("log.format must be text or json");
  if (max_file_bytes < kLeastFileBytes) problems.emplace_back("log.max_file_bytes must be at least 65536");
  if (keep_files < 0 || keep_files > kMostKeptFiles) problems.emplace_back("log.keep_files must be 0 to 1000");
  return problems;
}

Levels Config::levels() const {
  Levels parsed;
  HY_CHECK(apply_levels(level, parsed) && apply_levels(modules, parsed));
  return parsed;
}

Output Config::output() const {
  return {.format = format == "json" ? Format::json : Format::text,
          .file = file,
          .max_file_bytes = static_cast<std::size_t>(max_file_bytes),
          .keep = static_cast<std::size_t>(keep_files)};
}

}  // namespace hongyan::log
