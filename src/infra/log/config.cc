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

void Config::validate(config::Rules& rules) const {
  Levels parsed;
  const bool one_level = !level.empty() && !level.contains('=') && apply_levels(level, parsed);
  rules.must_be("debug, info, warn or error", "level", one_level);
  rules.accepts("modules", apply_levels(modules, parsed));
  rules.must_be("text or json", "format", format == "text" || format == "json");
  rules.at_least("max_file_bytes", max_file_bytes, kLeastFileBytes);
  rules.between("keep_files", keep_files, 0, kMostKeptFiles);
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
