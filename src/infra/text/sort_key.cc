#include "infra/text/sort_key.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <ranges>
#include <stdexcept>

namespace hongyan::text {
namespace {

constexpr char kNoLetter = '~';

// Family names first, then all other Chinese, then every script; what is left beyond ASCII stays as it is.
constexpr char kRules[] = "Han-Latin/Names; Any-Latin; Latin-ASCII; Lower";

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

// At most kMaxBytes, without a character cut in half.
void cut(std::string& key) {
  if (key.size() <= SortKeys::kMaxBytes) return;
  std::size_t end = SortKeys::kMaxBytes;
  while (end > 0 && (static_cast<unsigned char>(key[end]) & 0xc0) == 0x80) --end;
  key.resize(end);
}

}  // namespace

struct SortKeys::Rules {
  Rules() {
    UErrorCode status = U_ZERO_ERROR;
    latin.reset(icu::Transliterator::createInstance(kRules, UTRANS_FORWARD, status));
    if (U_FAILURE(status) || !latin) throw std::runtime_error("ICU lacks its rules for Latin letters");
  }
  std::unique_ptr<icu::Transliterator> latin;
};

SortKeys::SortKeys() = default;
SortKeys::~SortKeys() = default;

std::string SortKeys::of(std::string_view name) const {
  std::string key = is_ascii(name) ? lower(name) : transliterated(name);
  // Syllables are told apart by spaces in the rules; people do not type them.
  std::erase(key, ' ');
  if (key.empty() || !is_letter(key.front())) key.insert(key.begin(), kNoLetter);
  cut(key);
  return key;
}

std::string SortKeys::transliterated(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  if (!rules_) rules_ = std::make_unique<Rules>();
  icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())));
  rules_->latin->transliterate(text);
  std::string key;
  text.toUTF8String(key);
  return key;
}

}  // namespace hongyan::text
