#include "infra/text/word_matcher.h"

#include <gtest/gtest.h>

#include <random>
#include <tuple>

#include "infra/text/testing/naive_matcher.h"

namespace hongyan::text {
namespace {

WordMatcher blocking(std::initializer_list<const char*> words) {
  std::vector<Word> all;
  for (const char* word : words) all.push_back({word, WordAction::block});
  return WordMatcher(all);
}

std::string censored(const WordMatcher& matcher, std::string text) {
  matcher.censor(text);
  return text;
}

TEST(WordMatcher, FindsWordsInAnyDress) {
  const WordMatcher matcher = blocking({"Ass", "赌博", "加微信ABC", "bad word", "c++", "ＱＱ群"});
  const std::tuple<const char*, bool> cases[] = {
      {"", false},
      {"ass", true},
      {"what an ASS!", true},
      {"ａＳｓ", true},
      {"a\u200Bss", true},
      {"class", false},
      {"assess", false},
      {"class ass", true},
      {"ass1", false},
      {"我ass", true},
      {"ass我", true},
      {"网上赌博网站", true},
      {"赌 博", true},
      {"赌*~博", true},
      {"赌\n博", false},
      {"打赌。博彩", false},
      {"加微信abc", true},
      {"加微信abcd", false},
      {"加 微 信abc。", true},
      {"bad   word", true},
      {"bad\u3000WORD", true},
      {"badword", false},
      {"I like C++ more", true},
      {"qq群", true},
      {"a.s.s", false},
  };
  for (const auto& [text, found] : cases) {
    EXPECT_EQ(matcher.finds_any(text), found) << text;
    EXPECT_EQ(!matcher.matches(text).empty(), found) << text;
  }
}

TEST(WordMatcher, TheLongestOfEachActionIsFound) {
  const std::vector<Word> words = {{"人", WordAction::review},   {"坏人", WordAction::mask},
                                   {"大坏人", WordAction::mask}, {"一个大坏人", WordAction::block},
                                   {"好人", WordAction::block},  {"好人", WordAction::review}};
  const WordMatcher matcher(words);
  EXPECT_EQ(matcher.size(), 5u);
  EXPECT_EQ(matcher.matches("大坏人"), (std::vector<WordMatch>{{6, 9, WordAction::review}, {0, 9, WordAction::mask}}));
  // Of the same word with two actions the sterner counts.
  EXPECT_EQ(matcher.matches("好人"), (std::vector<WordMatch>{{3, 6, WordAction::review}, {0, 6, WordAction::block}}));
}

TEST(WordMatcher, MasksCharacterByCharacter) {
  const std::vector<Word> words = {{"坏人", WordAction::mask}, {"人间", WordAction::mask}, {"damn", WordAction::mask}};
  const WordMatcher matcher(words);
  EXPECT_EQ(censored(matcher, "一个坏人。Damn it"), "一个**。**** it");
  EXPECT_EQ(censored(matcher, "坏人间"), "***");
  EXPECT_EQ(censored(matcher, "坏 人!"), "***!");
  EXPECT_EQ(censored(matcher, "ＤＡＭＮ"), "****");
  EXPECT_EQ(censored(matcher, "坏人坏人"), "****");
  EXPECT_EQ(censored(matcher, "好人"), "好人");
}

TEST(WordMatcher, TellsWhatItHasFound) {
  const std::vector<Word> words = {
      {"mild", WordAction::review}, {"rude", WordAction::mask}, {"worst", WordAction::block}};
  const WordMatcher matcher(words);
  std::string text = "mild and rude";
  const WordFinding both = matcher.censor(text);
  EXPECT_TRUE(both.review && both.mask && !both.block);
  EXPECT_EQ(text, "mild and ****");
  text = "mild, rude and worst";
  const WordFinding blocked = matcher.censor(text);
  EXPECT_TRUE(blocked.block && !blocked.mask && !blocked.review);
  EXPECT_EQ(text, "mild, rude and worst");
  text = "nothing";
  EXPECT_TRUE(matcher.censor(text).nothing());
}

TEST(WordMatcher, RefusesWhatIsNoWord) {
  const std::string longest(WordMatcher::kMaxCharacters, 'x');
  EXPECT_TRUE(check_word(longest));
  EXPECT_FALSE(check_word(longest + "x"));
  std::string hidden = "x";
  for (int i = 0; i < 1000; ++i) hidden += "\u200B";
  for (const std::string& word : {std::string(), std::string("  "), std::string("--!"), hidden}) {
    const auto form = check_word(word);
    ASSERT_FALSE(form) << word;
    EXPECT_EQ(form.error().field, "word");
  }
  EXPECT_EQ(check_word(" 赌 博 ").value(), U"赌博");
  const WordMatcher matcher = blocking({"", "--", "  "});
  EXPECT_EQ(matcher.size(), 0u);
  EXPECT_FALSE(matcher.finds_any("-- anything 什么"));
}

TEST(WordMatcher, FindsTheLongestWordThereCanBe) {
  const std::string longest(WordMatcher::kMaxCharacters, 'x');
  const WordMatcher matcher = blocking({longest.c_str()});
  EXPECT_EQ(matcher.matches("a " + longest + " b"),
            (std::vector<WordMatch>{{2, 2 + longest.size(), WordAction::block}}));
  EXPECT_FALSE(matcher.finds_any(longest + "x"));
}

TEST(WordMatcher, FindsWordsBeyondTheFirstPlane) {
  const WordMatcher matcher = blocking({"𠀀𠀁", "𠀂"});
  EXPECT_EQ(matcher.matches("x𠀀 𠀁"), (std::vector<WordMatch>{{1, 10, WordAction::block}}));
  EXPECT_FALSE(matcher.finds_any("𠀁𠀀"));
}

TEST(WordMatcher, FindsWhatTryingEveryWordFinds) {
  std::mt19937 random(7);
  // Few characters, so that words are in each other.
  const std::vector<std::string> pieces = {"a", "B", "ａ", "b",      "1",  "坏",  "人",
                                           " ", "-", "。", "\u200B", "𠀀", "\xFF"};
  const auto text_of = [&](std::size_t most) {
    std::string text;
    for (auto left = random() % (most + 1); left > 0; --left) text += pieces[random() % pieces.size()];
    return text;
  };
  std::size_t found = 0;
  for (int round = 0; round < 150; ++round) {
    std::vector<Word> words;
    for (auto left = random() % 12; left > 0; --left)
      words.push_back({text_of(5), static_cast<WordAction>(random() % 3)});
    const WordMatcher matcher(words);
    for (int i = 0; i < 10; ++i) {
      const std::string text = text_of(40);
      const auto expected = testing::naive_matches(words, text);
      ASSERT_EQ(matcher.matches(text), expected) << "round " << round << ": " << text;
      ASSERT_EQ(matcher.finds_any(text), !expected.empty()) << text;
      found += expected.size();
    }
  }
  EXPECT_GT(found, 500u);
}

}  // namespace
}  // namespace hongyan::text
