// Structured logging: the event's name first, then key=value, one line an outcome. Text for people, JSON for machines.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace hongyan::log {

enum class Level : std::uint8_t { debug, info, warn, error };
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

// Sets up the process's log on stderr. Call once, before the first line; lines before it go to stderr as text.
void open(Level level, Format format);

// Thread-safe. Values are escaped, so a value with a line break cannot forge a line. Never pass message text, passwords,
// tokens, phone numbers, e-mail addresses, paths or query strings of requests.
void write(Level level, std::string_view event, Fields fields);

inline void debug(std::string_view event, Fields fields = {}) { write(Level::debug, event, fields); }
inline void info(std::string_view event, Fields fields = {}) { write(Level::info, event, fields); }
inline void warn(std::string_view event, Fields fields = {}) { write(Level::warn, event, fields); }
inline void error(std::string_view event, Fields fields = {}) { write(Level::error, event, fields); }

}  // namespace hongyan::log
