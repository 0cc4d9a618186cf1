#include "infra/ws/utf8.h"

#include <simdjson.h>

#include <algorithm>

namespace hongyan::ws {
namespace {

// Length of the whole characters at the front of `text`: the last up to three bytes may be the start of one that is
// cut.
std::size_t whole_characters(std::string_view text) {
  const std::size_t back = std::min<std::size_t>(text.size(), 3);
  for (std::size_t i = 1; i <= back; ++i) {
    const auto byte = static_cast<unsigned char>(text[text.size() - i]);
    if (byte < 0x80) break;
    if (byte >= 0xC0) return text.size() - i;
  }
  return text.size();
}

}  // namespace

bool is_valid_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

bool Utf8Stream::step(unsigned char byte) {
  if (missing_ > 0) {
    if (byte < low_ || byte > high_) return false;
    --missing_;
    low_ = 0x80;
    high_ = 0xBF;
    return true;
  }
  if (byte < 0x80) return true;
  if (byte < 0xC2 || byte > 0xF4) return false;
  missing_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  // The second byte excludes overlong forms, surrogates and what lies above U+10FFFF.
  if (byte == 0xE0) low_ = 0xA0;
  if (byte == 0xED) high_ = 0x9F;
  if (byte == 0xF0) low_ = 0x90;
  if (byte == 0xF4) high_ = 0x8F;
  return true;
}

bool Utf8Stream::feed(std::string_view piece) {
  std::size_t at = 0;
  while (!broken_ && missing_ > 0 && at < piece.size()) broken_ = !step(static_cast<unsigned char>(piece[at++]));
  if (broken_) return false;
  const std::size_t whole = missing_ > 0 ? 0 : whole_characters(piece.substr(at));
  broken_ = !is_valid_utf8(piece.substr(at, whole));
  at += whole;
  while (!broken_ && at < piece.size()) broken_ = !step(static_cast<unsigned char>(piece[at++]));
  return !broken_;
}

}  // namespace hongyan::ws
