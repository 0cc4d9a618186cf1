#include "infra/text/word_form.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

namespace hongyan::text {
namespace {

TEST(WordForm, WhatLooksTheSameIsTheSame) {
  const std::tuple<const char*, const char*, const char32_t*> cases[] = {
      {"upper case", "HeLLo", U"hello"},
      {"full-width letters and digits", "ＨｅＬＬｏ１２", U"hello12"},
      {"full-width punctuation", "ａ，ｂ", U"a,b"},
      {"case beyond ASCII", "ÉМЯ", U"éмя"},
      {"an accent by itself", "e\u0301", U"e"},
      {"blanks of every kind and number", "a \t\u3000\u00A0b", U"a b"},
      {"Chinese as it is", "鸿雁传书", U"鸿雁传书"},
      {"no form of nothing", "", U""},
  };
  for (const auto& [what, text, form] : cases) EXPECT_EQ(form_of(text), form) << what;
}

TEST(WordForm, WhatIsPutBetweenIdeographsIsLeftOut) {
  const std::tuple<const char*, const char*, const char32_t*> cases[] = {
      {"a blank", "鸿 雁", U"鸿雁"},
      {"a full-width blank", "鸿　雁", U"鸿雁"},
      {"punctuation", "鸿·，-*雁", U"鸿雁"},
      {"an emoji", "鸿😀雁", U"鸿雁"},
      {"a blank of no width", "鸿\u200B雁", U"鸿雁"},
      {"several and hidden ones", "鸿 \u200D- 雁", U"鸿雁"},
      {"the end of a line stays", "鸿\n雁", U"鸿\n雁"},
      {"and of a sentence", "鸿。雁", U"鸿。雁"},
      {"before a letter it stays", "鸿 a", U"鸿 a"},
      {"after one as well", "a-雁", U"a-雁"},
      {"and at the end", "鸿 -", U"鸿 -"},
      {"between letters it stays", "a-b", U"a-b"},
  };
  for (const auto& [what, text, form] : cases) EXPECT_EQ(form_of(text), form) << what;
}

TEST(WordForm, HiddenCharactersAreLeftOut) { EXPECT_EQ(form_of("a\u200Bb\u00ADc\uFEFFd\u2060\x01"), U"abcd"); }

TEST(WordForm, ACharacterNamesItsBytes) {
  FormReader reader("A鸿 \u200B雁");
  std::vector<std::tuple<char32_t, std::uint32_t, std::uint32_t>> read;
  for (FormCharacter one; reader.next(one);) read.emplace_back(one.code, one.begin, one.end);
  EXPECT_EQ(read, (std::vector<std::tuple<char32_t, std::uint32_t, std::uint32_t>>{
                      {U'a', 0, 1}, {U'鸿', 1, 4}, {U'雁', 8, 11}}));
}

TEST(WordForm, BytesThatAreNotUtf8StandForThemselves) {
  EXPECT_EQ(form_of("a\xFF\xE9\xB8"), U"a\uFFFD\uFFFD");
  EXPECT_EQ(form_of("\xE9\xB8\xBF\x80"), U"鸿\uFFFD");
}

TEST(WordForm, EveryCharacterIsOfTheKindItsCodeTells) {
  for (char32_t code = 1; code < 0x110000; ++code) {
    if (code >= 0xD800 && code < 0xE000) continue;
    std::string text;
    if (code < 0x80) {
      text = static_cast<char>(code);
    } else if (code < 0x800) {
      text = {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
    } else if (code < 0x10000) {
      text = {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
              static_cast<char>(0x80 | (code & 0x3F))};
    } else {
      text = {static_cast<char>(0xF0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 0x3F)),
              static_cast<char>(0x80 | (code >> 6 & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
    }
    FormReader reader(text);
    FormCharacter one;
    if (!reader.next(one)) {
      ASSERT_EQ(kind_of(code), FormKind::hidden) << static_cast<std::uint32_t>(code);
      continue;
    }
    ASSERT_EQ(kind_of(one.code), one.kind) << static_cast<std::uint32_t>(code);
    ASSERT_EQ(one.end, text.size()) << static_cast<std::uint32_t>(code);
  }
}

}  // namespace
}  // namespace hongyan::text
