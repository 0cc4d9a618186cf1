#include "infra/crypto/base64.h"

#include <array>
#include <cstdint>

namespace hongyan::crypto {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::int8_t kNone = -1;

constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  values['+'] = values['-'];
  values['/'] = values['_'];
  return values;
}
constexpr auto kValues = make_values();

// Takes "=" or "==" off where the length says they belong. False when padding stands elsewhere.
bool strip_padding(std::string_view& text) {
  if (!text.ends_with('=')) return true;
  if (text.size() % 4 != 0) return false;
  text.remove_suffix(text.ends_with("==") ? 2 : 1);
  return true;
}

}  // namespace

std::string base64url_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char byte : bytes) {
    buffer = (buffer << 8) | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 6; bits -= 6) text += kAlphabet[(buffer >> (bits - 6)) & 63];
  }
  if (bits > 0) text += kAlphabet[(buffer << (6 - bits)) & 63];
  return text;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  if (!strip_padding(text) || text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char letter : text) {
    const std::int8_t value = kValues[static_cast<unsigned char>(letter)];
    if (value == kNone) return std::nullopt;
    buffer = (buffer << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((buffer >> bits) & 0xff);
    }
  }
  return bytes;
}

std::optional<std::string> base64url_decode_canonical(std::string_view text) {
  auto bytes = base64url_decode(text);
  // Padding, the other alphabet and set bits after the last byte all show in the round trip.
  if (bytes && base64url_encode(*bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace hongyan::crypto
