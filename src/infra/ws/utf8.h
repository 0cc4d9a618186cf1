// UTF-8 validation, whole and in pieces (RFC 3629).
#pragma once

#include <cstdint>
#include <string_view>

namespace hongyan::ws {

// Whether `text` is well-formed: no overlong form, no surrogate, nothing above U+10FFFF, no cut character at its end.
bool is_valid_utf8(std::string_view text);

// Validates a text that arrives in pieces, and fails with the first byte that cannot belong to any valid text. Value
// type; one thread at a time.
class Utf8Stream {
 public:
  // False once the text is broken; it stays so until reset().
  [[nodiscard]] bool feed(std::string_view piece);
  // Whether the text may end here, not inside a character.
  [[nodiscard]] bool complete() const { return !broken_ && missing_ == 0; }
  void reset() { *this = Utf8Stream(); }

 private:
  bool step(unsigned char byte);

  // Continuation bytes still to come, and the range of the next one.
  std::uint8_t missing_ = 0;
  std::uint8_t low_ = 0x80;
  std::uint8_t high_ = 0xBF;
  bool broken_ = false;
};

}  // namespace hongyan::ws
