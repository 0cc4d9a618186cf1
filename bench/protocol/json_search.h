// Fields of JSON found by their name alone. That is right where it is used: within strings quotes are escaped, so `"name":` is
// always a field, and the first one of a name is the one that is meant.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "bench/protocol/numbers.h"

namespace hongyan::bench::protocol {

// What follows `key` in `text`; empty when it is not there. A key is written as it stands in the text: `"seq":`.
inline std::string_view after(std::string_view text, std::string_view key) {
  const void* found = ::memmem(text.data(), text.size(), key.data(), key.size());
  if (found == nullptr) return {};
  return text.substr(static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) + key.size());
}

// Up to the next quote; all of it when there is none.
inline std::string_view up_to_quote(std::string_view text) { return text.substr(0, text.find('"')); }

// The string of a field that needs no unescaping; the key ends with the opening quote: `"id":"`.
inline std::string_view string_of(std::string_view text, std::string_view key) { return up_to_quote(after(text, key)); }

// The number of a field, also one in quotes when the key has the opening one; 0 when it is not there.
inline std::uint64_t number_of(std::string_view text, std::string_view key) {
  std::string_view rest = after(text, key);
  return take_decimal(rest);
}

// Removes `literal` from the front of `text`, when it stands there.
inline bool skip(std::string_view& text, std::string_view literal) {
  if (!text.starts_with(literal)) return false;
  text.remove_prefix(literal.size());
  return true;
}

}  // namespace hongyan::bench::protocol
