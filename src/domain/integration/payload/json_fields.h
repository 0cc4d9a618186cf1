// Fields of JSON that somebody else has made up. For the .cc files of this folder: simdjson is slow to include.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

namespace hongyan::integration::payload {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

// A string as it is; numbers and booleans as they are written; anything else is empty.
inline std::string text_of(const element& value) {
  if (value.is_string()) return std::string(value.get_string().value_unsafe());
  if (value.is_number() || value.is_bool()) return simdjson::minify(value);
  return {};
}

// Empty where there is none.
inline std::string text_at(const object& from, std::string_view key) {
  element value;
  return from[key].get(value) == simdjson::SUCCESS ? text_of(value) : std::string();
}

// Nothing where there is none or it is of another type.
inline std::optional<object> object_at(const object& from, std::string_view key) {
  object value;
  if (from[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

// Calls `use` with each object of the list under `key`, if there is one.
template <class Use>
void each_at(const object& from, std::string_view key, Use use) {
  array items;
  if (from[key].get(items) != simdjson::SUCCESS) return;
  for (const element item : items) {
    object one;
    if (item.get(one) == simdjson::SUCCESS) use(one);
  }
}

inline bool has_list(const object& from, std::string_view key) {
  array items;
  return from[key].get(items) == simdjson::SUCCESS;
}

// Text by lines; what is empty adds none.
class Lines {
 public:
  void add(std::string_view line) {
    if (line.empty()) return;
    if (!text_.empty()) text_ += '\n';
    text_ += line;
  }
  bool empty() const { return text_.empty(); }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace hongyan::integration::payload
