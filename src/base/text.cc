#include "base/text.h"

namespace hongyan {
namespace {

constexpr char32_t kBad = 0xffffffff;

// Takes the first code point off `text` (RFC 3629); kBad when there is none.
char32_t next_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xc2 && first < 0xe0 ? 2
                             : (first & 0xf0) == 0xe0        ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  if (length == 0 || length > text.size()) return kBad;
  char32_t code = length == 1 ? first : first & (0xff >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return kBad;
    code = (code << 6) | (byte(i) & 0x3f);
  }
  text.remove_prefix(length);
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return overlong || surrogate || code > 0x10ffff ? kBad : code;
}

// Control characters, line separators, and the marks that reorder what stands around a name.
bool is_unprintable(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
         (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::optional<std::size_t> count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    if (next_code_point(text) == kBad) return std::nullopt;
  }
  return count;
}

Result<std::string> check_line(std::string_view text, std::size_t min, std::size_t max, std::string_view field) {
  const auto refused = [&](const char* why) { return fail(Error::invalid(std::string(field), why)); };
  const std::string_view trimmed = trim(text);
  std::size_t count = 0;
  for (std::string_view rest = trimmed; !rest.empty(); ++count) {
    const char32_t code = next_code_point(rest);
    if (code == kBad) return refused("not UTF-8");
    if (is_unprintable(code)) return refused("control characters");
  }
  if (count < min) return refused("too short");
  if (count > max) return refused("too long");
  return std::string(trimmed);
}

}  // namespace hongyan
