// What a WordMatcher has to find, found by trying every word at every place.
#pragma once

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "infra/text/word_matcher.h"

namespace hongyan::text::testing {

inline std::vector<WordMatch> naive_matches(std::span<const Word> words, std::string_view text) {
  std::map<std::u32string, WordAction> forms;
  for (const Word& word : words) {
    const auto form = check_word(word.text);
    if (!form) continue;
    const auto [place, added] = forms.emplace(*form, word.action);
    if (!added) place->second = std::max(place->second, word.action);
  }
  std::vector<FormCharacter> characters;
  FormReader reader(text);
  for (FormCharacter one; reader.next(one);) characters.push_back(one);
  const auto is_letter = [&](std::size_t at) { return characters[at].kind == FormKind::letter; };
  // No border lies between two letters.
  const auto is_border = [&](std::size_t at) {
    return at == 0 || at == characters.size() || !is_letter(at - 1) || !is_letter(at);
  };
  std::vector<WordMatch> found;
  for (std::size_t end = 1; end <= characters.size(); ++end) {
    if (!is_border(end)) continue;
    // The longest of each action comes first.
    std::map<WordAction, WordMatch> here;
    for (std::size_t begin = 0; begin < end; ++begin) {
      if (!is_border(begin)) continue;
      std::u32string part;
      for (std::size_t at = begin; at < end; ++at) part += characters[at].code;
      const auto word = forms.find(part);
      if (word == forms.end()) continue;
      here.emplace(word->second, WordMatch{characters[begin].begin, characters[end - 1].end, word->second});
    }
    for (const auto& [action, match] : here) found.push_back(match);
  }
  return found;
}

}  // namespace hongyan::text::testing
