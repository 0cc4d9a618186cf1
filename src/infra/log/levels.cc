#include "infra/log/levels.h"

#include <algorithm>
#include <optional>

namespace hongyan::log {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames{"debug", "info", "warn", "error"};

std::optional<Level> level_of(std::string_view name) {
  const auto found = std::ranges::find(kLevelNames, name);
  if (found == kLevelNames.end()) return std::nullopt;
  return static_cast<Level>(found - kLevelNames.begin());
}

Result<void> apply_one(std::string_view word, Levels& levels) {
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(equals == std::string_view::npos ? 0 : equals + 1);
  const auto level = level_of(name);
  if (equals == std::string_view::npos) {
    if (!level) return fail(ErrorCode::invalid_argument, std::string(word) + " is neither a level nor MODULE=LEVEL");
    levels.standard = *level;
    return {};
  }
  const std::string_view module = word.substr(0, equals);
  if (std::ranges::find(kModules, module) == kModules.end()) {
    return fail(ErrorCode::invalid_argument, "there is no module " + std::string(module));
  }
  if (name.empty()) {
    if (const auto found = levels.modules.find(module); found != levels.modules.end()) levels.modules.erase(found);
    return {};
  }
  if (!level) return fail(ErrorCode::invalid_argument, std::string(name) + " is not debug, info, warn or error");
  levels.modules.insert_or_assign(std::string(module), *level);
  return {};
}

}  // namespace

std::string_view level_name(Level level) { return kLevelNames[static_cast<std::size_t>(level)]; }

Level Levels::of(std::string_view module) const {
  const auto found = modules.find(module);
  return found == modules.end() ? standard : found->second;
}

Level Levels::lowest() const {
  Level least = standard;
  for (const auto& [module, level] : modules) least = std::min(least, level);
  return least;
}

std::string Levels::to_text() const {
  std::string text(level_name(standard));
  for (const auto& [module, level] : modules) text.append(" ").append(module).append("=").append(level_name(level));
  return text;
}

Result<void> apply_levels(std::string_view text, Levels& levels) {
  constexpr std::string_view kSeparators = " ,";
  Levels changed = levels;
  for (std::size_t begin = text.find_first_not_of(kSeparators); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kSeparators, begin), text.size());
    HY_TRY(apply_one(text.substr(begin, end - begin), changed));
    begin = text.find_first_not_of(kSeparators, end);
  }
  levels = std::move(changed);
  return {};
}

}  // namespace hongyan::log
