#include "infra/text/word_form.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <array>

namespace hongyan::text {
namespace {

struct Folded {
  char32_t code = 0;
  FormKind kind = FormKind::stop;
};

constexpr char32_t kFirstIdeograph = 0x2E80;
constexpr char32_t kIdeographicBlank = 0x3000;
constexpr char32_t kIdeographicStop = 0x3002;
constexpr char32_t kHalfWidthStop = 0xFF61;
constexpr char32_t kNextLine = 0x85;
// Full-width forms of what ASCII has.
constexpr char32_t kFirstFullWidth = 0xFF01;
constexpr char32_t kLastFullWidth = 0xFF5E;
constexpr char32_t kFullWidthOffset = 0xFEE0;

constexpr Folded fold_ascii(char32_t c) {
  if (c >= 'A' && c <= 'Z') return {c - 'A' + 'a', FormKind::letter};
  if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return {c, FormKind::letter};
  if (c == '\n' || c == '\r' || c == '!' || c == '?') return {c, FormKind::stop};
  if (c == ' ' || c == '\t') return {' ', FormKind::separator};
  return c < ' ' || c == 0x7F ? Folded{c, FormKind::hidden} : Folded{c, FormKind::separator};
}

constexpr auto kAscii = [] {
  std::array<Folded, 128> all;
  for (char32_t c = 0; c < all.size(); ++c) all[c] = fold_ascii(c);
  return all;
}();

Folded fold_rare(char32_t c) {
  if (c == kIdeographicStop || c == kHalfWidthStop || c == kNextLine) return {c, FormKind::stop};
  const auto code = static_cast<UChar32>(c);
  if (u_hasBinaryProperty(code, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return {c, FormKind::hidden};
  const std::uint32_t type = U_GET_GC_MASK(code);
  if ((type & (U_GC_L_MASK | U_GC_N_MASK)) != 0) {
    const auto folded = static_cast<char32_t>(u_foldCase(code, U_FOLD_CASE_DEFAULT));
    return {folded, folded < kFirstIdeograph ? FormKind::letter : FormKind::ideograph};
  }
  if ((type & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CC_MASK | U_GC_CF_MASK)) != 0) return {c, FormKind::hidden};
  if ((type & U_GC_ZS_MASK) != 0) return {' ', FormKind::separator};
  if ((type & (U_GC_P_MASK | U_GC_S_MASK)) != 0) return {c, FormKind::separator};
  return {c, FormKind::stop};
}

// Most of Chinese.
constexpr bool is_common_ideograph(char32_t c) { return c >= 0x4E00 && c <= 0x9FFF; }

// The common ideograph with which the bytes begin, 0 for anything else.
char32_t ideograph_at(const std::uint8_t* bytes, std::size_t size) {
  const auto continues = [](std::uint8_t byte) { return (byte & 0xC0) == 0x80; };
  if ((bytes[0] & 0xF0) != 0xE0 || size < 3 || !continues(bytes[1]) || !continues(bytes[2])) return 0;
  const auto code = static_cast<char32_t>((bytes[0] & 0x0F) << 12 | (bytes[1] & 0x3F) << 6 | (bytes[2] & 0x3F));
  return is_common_ideograph(code) ? code : 0;
}

Folded fold(char32_t c) {
  if (c < kAscii.size()) return kAscii[c];
  if (is_common_ideograph(c)) return {c, FormKind::ideograph};
  if (c == kIdeographicBlank) return {' ', FormKind::separator};
  if (c >= kFirstFullWidth && c <= kLastFullWidth) return kAscii[c - kFullWidthOffset];
  return fold_rare(c);
}

}  // namespace

FormCharacter FormReader::read_at(std::uint32_t begin) const {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text_.data());
  if (bytes[begin] < kAscii.size()) {
    const Folded& folded = kAscii[bytes[begin]];
    return {folded.code, folded.kind, begin, begin + 1};
  }
  if (const char32_t code = ideograph_at(bytes + begin, text_.size() - begin); code != 0) {
    return {code, FormKind::ideograph, begin, begin + 3};
  }
  std::uint32_t end = begin;
  UChar32 code = 0;
  U8_NEXT(bytes, end, static_cast<std::uint32_t>(text_.size()), code);
  const Folded folded = fold(code < 0 ? U'\uFFFD' : static_cast<char32_t>(code));
  return {folded.code, folded.kind, begin, end};
}

bool FormReader::joins_ideographs(std::uint32_t begin, std::uint32_t& end) const {
  end = begin;
  while (end < text_.size()) {
    const FormCharacter character = read_at(end);
    if (character.kind != FormKind::separator && character.kind != FormKind::hidden) {
      return character.kind == FormKind::ideograph;
    }
    end = character.end;
  }
  return false;
}

bool FormReader::next(FormCharacter& character) {
  while (at_ < text_.size()) {
    character = read_at(at_);
    at_ = character.end;
    if (character.kind == FormKind::hidden) continue;
    if (character.kind == FormKind::separator && !is_kept(character)) continue;
    last_kind_ = character.kind;
    last_code_ = character.code;
    return true;
  }
  return false;
}

bool FormReader::is_kept(const FormCharacter& separator) {
  if (separator.code == ' ' && last_code_ == ' ') return false;
  if (last_kind_ != FormKind::ideograph || separator.begin < kept_up_to_) return true;
  std::uint32_t end = 0;
  if (joins_ideographs(separator.begin, end)) {
    at_ = end;
    return false;
  }
  kept_up_to_ = end;
  return true;
}

std::u32string form_of(std::string_view text) {
  std::u32string form;
  FormReader reader(text);
  for (FormCharacter character; reader.next(character);) form += character.code;
  return form;
}

FormKind kind_of(char32_t code) { return fold(code).kind; }

}  // namespace hongyan::text
