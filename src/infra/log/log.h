// Structured logging: the event's name first, then key=value, one line an outcome. Text for people, JSON for machines.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <source_location>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "infra/log/levels.h"

namespace hongyan::log {

enum class Format : std::uint8_t { text, json };

// One key=value of a line. Numbers stay numbers in JSON.
class Field {
 public:
  Field(std::string_view key, std::string_view value) : key_(key), text_(value) {}
  Field(std::string_view key, const char* value) : key_(key), text_(value) {}
  Field(std::string_view key, const std::string& value) : key_(key), text_(value) {}
  Field(std::string_view key, bool value) : key_(key), text_(value ? "true" : "false"), quoted_(false) {}
  template <class T>
    requires std::is_arithmetic_v<T>
  Field(std::string_view key, T value) : key_(key), text_(fmt::to_string(value)), quoted_(false) {}
  // Ids exceed what JSON numbers hold exactly, so they are written as strings.
  template <class Tag, class Rep>
  Field(std::string_view key, Strong<Tag, Rep> id) : key_(key), text_(fmt::to_string(id.value)) {}

  std::string_view key() const { return key_; }
  const std::string& text() const { return text_; }
  bool quoted() const { return quoted_; }

 private:
  std::string_view key_;
  std::string text_;
  bool quoted_ = true;
};

using Fields = std::initializer_list<Field>;

// The name of what happened and the source file that says so, which decides the module of the line.
class Event {
 public:
  constexpr Event(const char* name, std::source_location where = std::source_location::current())  // NOLINT
      : name_(name), file_(where.file_name()) {}
  constexpr Event(std::string_view name, std::source_location where = std::source_location::current())  // NOLINT
      : name_(name), file_(where.file_name()) {}

  constexpr std::string_view name() const { return name_; }
  constexpr std::string_view module() const { return module_of(file_); }

 private:
  std::string_view name_;
  const char* file_;
};

// Where the lines go.
struct Output {
  Format format = Format::text;
  // Empty for stderr. A full a.log becomes a.1.log, that one a.2.log, and so on up to `keep`; the last one goes.
  std::filesystem::path file = {};
  std::size_t max_file_bytes = 64 * 1024 * 1024;
  std::size_t keep = 5;
};

// Sets up the process's log. Call once, before the first line; lines before it go to stderr as text. Throws
// std::runtime_error when the file cannot be written.
void open(Levels levels, const Output& output);

// Takes effect with the next line, in every thread.
void set_levels(Levels levels);
Levels levels();

// Thread-safe. Values are escaped, so a value with a line break cannot forge a line. Never pass message text, passwords,
// tokens, phone numbers, e-mail addresses, paths or query strings of requests.
void write(Level level, const Event& event, Fields fields);

inline void debug(const Event& event, Fields fields = {}) { write(Level::debug, event, fields); }
inline void info(const Event& event, Fields fields = {}) { write(Level::info, event, fields); }
inline void warn(const Event& event, Fields fields = {}) { write(Level::warn, event, fields); }
inline void error(const Event& event, Fields fields = {}) { write(Level::error, event, fields); }

}  // namespace hongyan::log
