// Numbers as text, quicker than the standard library's and without a terminating byte.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace hongyan::bench::protocol {

inline constexpr std::size_t kHexDigits = 8;
// Of the largest 64-bit number.
inline constexpr std::size_t kMostDigits = 20;

// All two-digit ends of hexadecimal numbers, one after the other.
inline constexpr auto kHexPairs = [] {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t i = 0; i < 256; ++i) {
    pairs[2 * i] = digits[i / 16];
    pairs[2 * i + 1] = digits[i % 16];
  }
  return pairs;
}();

// The value of each hexadecimal digit, 0xff for what is none.
inline constexpr auto kHexValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(0xff);
  for (std::uint8_t i = 0; i < 10; ++i) values['0' + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) values['a' + i] = static_cast<std::uint8_t>(10 + i);
  return values;
}();

// Eight lower-case digits.
inline void write_hex(char* out, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    std::memcpy(out + 2 * i, kHexPairs.data() + std::size_t{2} * ((value >> (24 - 8 * i)) & 0xffU), 2);
  }
}

// False when `text` is not exactly what write_hex() writes.
inline bool read_hex(std::string_view text, std::uint32_t& value) {
  if (text.size() != kHexDigits) return false;
  std::uint32_t read = 0;
  unsigned wrong = 0;
  for (const char letter : text) {
    const std::uint8_t digit = kHexValues[static_cast<unsigned char>(letter)];
    wrong |= digit & 0xf0U;
    read = read << 4U | (digit & 0x0fU);
  }
  value = read;
  return wrong == 0;
}

// Answers the number of digits, at most kMostDigits.
inline std::size_t write_decimal(char* out, std::uint64_t value) {
  char digits[kMostDigits];
  std::size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  for (std::size_t i = 0; i < count; ++i) out[i] = digits[count - 1 - i];
  return count;
}

// The digits at the front of `text`, which is shortened by them; 0 when there is none.
inline std::uint64_t take_decimal(std::string_view& text) {
  std::uint64_t value = 0;
  std::size_t at = 0;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9')
    value = value * 10 + static_cast<unsigned>(text[at++] - '0');
  text.remove_prefix(at);
  return value;
}

}  // namespace hongyan::bench::protocol
