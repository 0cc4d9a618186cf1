#include "infra/text/words.h"

#include <gtest/gtest.h>

#include <thread>

namespace hongyan::text {
namespace {

std::shared_ptr<const WordMatcher> matcher_of(std::initializer_list<Word> words) {
  return std::make_shared<const WordMatcher>(std::span(words.begin(), words.size()));
}

TEST(Words, NoneInTheBeginning) {
  Words words;
  EXPECT_EQ(words.matcher(), nullptr);
  words.use(matcher_of({}));
  EXPECT_EQ(words.matcher(), nullptr);
  words.use(matcher_of({{"bad", WordAction::block}}));
  ASSERT_NE(words.matcher(), nullptr);
  words.use(nullptr);
  EXPECT_EQ(words.matcher(), nullptr);
}

TEST(Words, WhoLooksWhileTheyAreReplacedSeesOneOrTheOther) {
  Words words;
  const auto first = matcher_of({{"one", WordAction::block}});
  const auto second = matcher_of({{"two", WordAction::block}});
  words.use(first);
  std::thread replacing([&] {
    for (int i = 0; i < 1000; ++i) words.use(i % 2 == 0 ? second : first);
  });
  for (int i = 0; i < 1000; ++i) {
    const auto matcher = words.matcher();
    ASSERT_NE(matcher, nullptr);
    EXPECT_NE(matcher->finds_any("one"), matcher->finds_any("two"));
  }
  replacing.join();
}

TEST(Words, WhatOthersReadBesideMessagesIsRefused) {
  Words words;
  EXPECT_TRUE(refuse_words(words, "rude", "nickname"));
  words.use(matcher_of({{"rude", WordAction::mask}, {"worst", WordAction::block}, {"mild", WordAction::review}}));
  EXPECT_TRUE(refuse_words(words, "mild", "nickname"));
  for (const char* text : {"so rude", "WORST"}) {
    const auto refused = refuse_words(words, text, "nickname");
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::content_rejected);
    EXPECT_EQ(refused.error().field, "nickname");
  }
}

}  // namespace
}  // namespace hongyan::text
