// Reads numbers out of texts.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>

namespace hongyan {

// The number that the whole text is; nothing for anything else, a plus sign or blanks included.
template <std::integral T>
std::optional<T> number_from(std::string_view text, int base = 10) {
  T number{};
  const char* end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, number, base);
  if (problem != std::errc() || stopped != end) return std::nullopt;
  return number;
}

// Takes a number and the separator behind it off the front of the text; false, and the text as it was, when it does not
// begin with them.
template <std::integral T>
bool take_number(std::string_view& text, T& number, char separator) {
  const char* end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, number);
  if (problem != std::errc() || stopped == end || *stopped != separator) return false;
  text.remove_prefix(static_cast<std::size_t>(stopped + 1 - text.data()));
  return true;
}

}  // namespace hongyan
