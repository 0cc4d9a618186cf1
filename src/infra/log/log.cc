#include "infra/log/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

namespace hongyan::log {
namespace {

std::atomic<Format> g_format{Format::text};

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warn: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

void append_escaped(fmt::memory_buffer& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

bool plain(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '=' || static_cast<unsigned char>(c) <= 0x20) return false;
  }
  return true;
}

}  // namespace

void open(Level level, Format format) {
  g_format = format;
  auto logger = std::make_shared<spdlog::logger>("hongyan", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_level(spdlog_level(level));
  logger->flush_on(spdlog::level::trace);
  if (format == Format::json) {
    logger->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})");
  } else {
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v");
  }
  spdlog::set_default_logger(std::move(logger));
}

void write(Level level, std::string_view event, Fields fields) {
  spdlog::logger* logger = spdlog::default_logger_raw();
  const auto mapped = spdlog_level(level);
  if (!logger->should_log(mapped)) return;
  fmt::memory_buffer line;
  const bool json = g_format.load(std::memory_order_relaxed) == Format::json;
  if (json) {
    fmt::format_to(std::back_inserter(line), "\"event\":");
    append_escaped(line, event);
  } else {
    line.append(event);
  }
  for (const Field& field : fields) {
    if (json) {
      line.push_back(',');
      append_escaped(line, field.key());
      line.push_back(':');
    } else {
      line.push_back(' ');
      line.append(field.key());
      line.push_back('=');
    }
    if (field.quoted() && (json || !plain(field.text()))) {
      append_escaped(line, field.text());
    } else {
      line.append(field.text());
    }
  }
  logger->log(mapped, std::string_view(line.data(), line.size()));
}

}  // namespace hongyan::log
