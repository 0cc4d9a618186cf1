// Which lines are written: a level for all, and other ones for single modules.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hongyan::log {

enum class Level : std::uint8_t { debug, info, warn, error };

std::string_view level_name(Level level);

// Every module that a level may be given for. A module is the folder of a source file below src/infra, src/domain and
// src/edge, or else the folder below src itself.
inline constexpr auto kModules = std::to_array<std::string_view>({
    "account",   "app",    "async",   "base",    "config",  "contact",    "conversation", "crypto",
    "discovery", "egress", "gateway", "group",   "grpc",    "http",       "integration",  "kv",
    "log",       "mail",   "main",    "message", "metrics", "moderation", "net",          "presence",
    "rpc",       "sql",    "sync",    "text",    "wal",     "wire",       "ws",
});

// "src/edge/gateway/session.cc" -> "gateway"; empty for a file that is not ours.
constexpr std::string_view module_of(std::string_view file) {
  constexpr std::string_view kRoot = "src/";
  const std::size_t root = file.rfind(kRoot);
  if (root == std::string_view::npos) return {};
  const std::string_view path = file.substr(root + kRoot.size());
  const std::string_view layer = path.substr(0, path.find('/'));
  if (layer != "infra" && layer != "domain" && layer != "edge") return layer;
  const std::string_view rest = path.substr(layer.size() + 1);
  return rest.substr(0, rest.find('/'));
}

// Value type.
struct Levels {
  Level standard = Level::info;
  std::map<std::string, Level, std::less<>> modules = {};

  Level of(std::string_view module) const;
  // The lowest level any module has.
  Level lowest() const;
  // "info gateway=debug sql=warn".
  std::string to_text() const;
};

// Reads a list of `LEVEL` and `MODULE=LEVEL`, separated by spaces or commas, into `levels`, over what they were; `MODULE=`
// takes the module's own level away. Errors: invalid_argument naming what is wrong; `levels` is unchanged then.
Result<void> apply_levels(std::string_view text, Levels& levels);

}  // namespace hongyan::log
