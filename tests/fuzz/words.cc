// Words in texts: the matcher finds what trying every word at every place finds, and what it masks is a text again. A line of
// the input is a word behind the first letter of its action; after an empty line comes the text.
#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "infra/text/testing/naive_matcher.h"
#include "input.h"

namespace {

using namespace hongyan;

// What trying every word can be asked for.
constexpr std::size_t kMaxWords = 16;
constexpr std::size_t kMaxText = 96;

text::WordAction action_of(char letter) {
  return static_cast<text::WordAction>(static_cast<unsigned char>(letter) % 3);
}

std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  return line;
}

bool begins_character(std::string_view text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

bool is_utf8(std::string_view text) { return count_code_points(text).has_value(); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::Input(data, size).rest();
  std::vector<text::Word> words;
  for (auto line = take_line(rest); !line.empty() && words.size() < kMaxWords; line = take_line(rest)) {
    words.push_back({std::string(line.substr(1)), action_of(line.front())});
  }
  const text::WordMatcher matcher(words);
  // The whole text only has to do no harm.
  const bool any = matcher.finds_any(rest);
  std::string censored(rest);
  const text::WordFinding finding = matcher.censor(censored);
  fuzz::require(any == !finding.nothing(), "both ways of looking find the same");
  fuzz::require(finding.mask || censored == rest, "only what is to be masked is changed");
  fuzz::require(censored.size() <= rest.size(), "a masked text is not longer");

  const std::string_view text = rest.substr(0, kMaxText);
  const auto matches = matcher.matches(text);
  fuzz::require(matches == text::testing::naive_matches(words, text), "the same as trying every word");
  if (!is_utf8(text)) return 0;
  for (const text::WordMatch& match : matches) {
    fuzz::require(match.begin < match.end && match.end <= text.size(), "a match lies in the text");
    fuzz::require(begins_character(text, match.begin) && begins_character(text, match.end), "no character is cut");
  }
  std::string masked(text);
  matcher.censor(masked);
  fuzz::require(is_utf8(masked), "a masked text is UTF-8");
  return 0;
}
