#include "infra/ws/frame_builder.h"

#include <openssl/rand.h>

#include <algorithm>

#include "base/assert.h"
#include "infra/ws/utf8.h"

namespace hongyan::ws {
namespace {

void append_header(std::string& out, Opcode opcode, std::size_t size, bool final, bool masked) {
  out.push_back(static_cast<char>((final ? 0x80 : 0) | static_cast<int>(opcode)));
  const int mask_bit = masked ? 0x80 : 0;
  int length_bytes = 0;
  if (size < 126) {
    out.push_back(static_cast<char>(mask_bit | static_cast<int>(size)));
  } else if (size <= 0xFFFF) {
    out.push_back(static_cast<char>(mask_bit | 126));
    length_bytes = 2;
  } else {
    out.push_back(static_cast<char>(mask_bit | 127));
    length_bytes = 8;
  }
  for (int i = length_bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(size >> (8 * i)));
}

}  // namespace

std::string encode_frame(Opcode opcode, std::string_view payload, bool final) {
  std::string out;
  out.reserve(payload.size() + kMaxHeaderBytes);
  append_header(out, opcode, payload.size(), final, false);
  out += payload;
  return out;
}

SharedFrame make_frame(Opcode opcode, std::string_view payload) {
  return std::make_shared<const std::string>(encode_frame(opcode, payload));
}

std::string begin_frame(Opcode opcode, std::size_t size) {
  std::string frame;
  frame.reserve(size + kMaxHeaderBytes);
  append_header(frame, opcode, size, true, false);
  return frame;
}

std::string encode_masked_frame(Opcode opcode, std::string_view payload, MaskKey key, bool final) {
  std::string out;
  out.reserve(payload.size() + kMaxHeaderBytes);
  append_header(out, opcode, payload.size(), final, true);
  out.append(reinterpret_cast<const char*>(key.data()), key.size());
  for (std::size_t i = 0; i < payload.size(); ++i) out.push_back(static_cast<char>(payload[i] ^ key[i % key.size()]));
  return out;
}

MaskKey random_mask_key() {
  MaskKey key;
  HY_CHECK(RAND_bytes(key.data(), static_cast<int>(key.size())) == 1);
  return key;
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  if (code == kCloseNoCode) return {};
  std::string out{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  std::string_view kept = reason.substr(0, kMaxControlPayload - out.size());
  // A cut may fall inside a character, which has at most four bytes.
  for (int i = 0; i < 3 && !kept.empty() && !is_valid_utf8(kept); ++i) kept.remove_suffix(1);
  if (is_valid_utf8(kept)) out += kept;
  return out;
}

}  // namespace hongyan::ws
