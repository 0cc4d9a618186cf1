#include "infra/log/log.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <mutex>

namespace hongyan::log {
namespace {

std::atomic<Format> g_format{Format::text};

// What keeps most lines from costing more than a comparison. The table behind it is asked only for the others.
std::atomic<Level> g_lowest{Level::info};
std::mutex g_levels_mutex;
Levels g_levels;

bool is_wanted(Level level, const Event& event) {
  if (level < g_lowest.load(std::memory_order_relaxed)) return false;
  const std::lock_guard lock(g_levels_mutex);
  return level >= g_levels.of(event.module());
}

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

void open(Levels levels, const Output& output) {
  set_levels(std::move(levels));
  g_format = output.format;
  spdlog::sink_ptr sink;
  if (output.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(output.file.string(), output.max_file_bytes,
                                                                  output.keep);
  }
  auto logger = std::make_shared<spdlog::logger>("hongyan", std::move(sink));
  // Levels are decided before a line is composed.
  logger->set_level(spdlog::level::trace);
  logger->flush_on(spdlog::level::trace);
  if (output.format == Format::json) {
    logger->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})");
  } else {
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v");
  }
  spdlog::set_default_logger(std::move(logger));
}

void set_levels(Levels levels) {
  const std::lock_guard lock(g_levels_mutex);
  g_lowest = levels.lowest();
  g_levels = std::move(levels);
}

Levels levels() {
  const std::lock_guard lock(g_levels_mutex);
  return g_levels;
}

void write(Level level, const Event& event, Fields fields) {
  if (!is_wanted(level, event)) return;
  spdlog::logger* logger = spdlog::default_logger_raw();
  const auto mapped = spdlog_level(level);
  fmt::memory_buffer line;
  const bool json = g_format.load(std::memory_order_relaxed) == Format::json;
  if (json) {
    fmt::format_to(std::back_inserter(line), "\"event\":");
    append_escaped(line, event.name());
    fmt::format_to(std::back_inserter(line), ",\"module\":");
    append_escaped(line, event.module());
  } else {
    line.append(event.name());
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
