#include "app/chat/screen/text/text.h"

#include <gtest/gtest.h>

#include "app/chat/screen/testing/states.h"
#include "app/chat/screen/text/grid.h"

namespace hongyan::chat::screen {
namespace {

using Rows = std::vector<std::string>;

TEST(ScreenText, ChineseAndEmojiTakeTwoColumns) {
  ASSERT_TRUE(testing::kIsUtf8);
  EXPECT_EQ(columns_of("abc"), 3);
  EXPECT_EQ(columns_of("鸿雁"), 4);
  EXPECT_EQ(columns_of("a😀b"), 4);
  EXPECT_EQ(columns_of("e\xCC\x81"), 1);
  EXPECT_EQ(columns_of(""), 0);
}

TEST(ScreenText, WhatTerminalsDisagreeAboutIsLeftOut) {
  std::string family;
  for (const Glyph& glyph : glyphs_of("👩‍👩‍👧")) family += glyph.shown;
  EXPECT_EQ(family, "👩👩👧");
  EXPECT_EQ(columns_of("👩‍👩‍👧"), 6);
  EXPECT_EQ(columns_of("👋🏽"), 2);
  EXPECT_EQ(columns_of("❤️"), 1);
}

TEST(ScreenText, GlyphsCoverTheTextTheyStandFor) {
  const std::string text = "👋🏽a鸿";
  std::size_t at = 0;
  for (const Glyph& glyph : glyphs_of(text)) {
    EXPECT_EQ(glyph.at, at);
    at += glyph.size;
  }
  EXPECT_EQ(at, text.size());
}

TEST(ScreenText, NothingReachesATerminalThatItObeys) {
  for (const char* text : {"\x1b[2J", "\x07",
                           "\xC2\x9B"
                           "31m",
                           "\xE2\x80\xAE", "\x9B", "a\xC3", "\x7F", "\r\n"}) {
    for (const Glyph& glyph : glyphs_of(text)) {
      EXPECT_GE(glyph.shown.size(), 1U);
      EXPECT_FALSE(glyph.shown[0] >= 0 && (glyph.shown[0] < 0x20 || glyph.shown[0] == 0x7F)) << text;
      EXPECT_NE(glyph.shown, "\xC2\x9B");
      EXPECT_NE(glyph.shown, "\xE2\x80\xAE");
    }
  }
  EXPECT_EQ(wrap("a\x1b[31mb", 40), Rows{"a\\x1b[31mb"});
  EXPECT_EQ(one_row("two\nrows\x07"), "two rows\\x07");
}

TEST(ScreenText, ClipsWithoutHalves) {
  EXPECT_EQ(clip("abcdef", 6), "abcdef");
  EXPECT_EQ(clip("abcdefg", 6), "abcde…");
  EXPECT_EQ(clip("鸿雁传书", 6), "鸿雁…");
  EXPECT_EQ(clip("鸿雁传书", 7), "鸿雁传…");
  EXPECT_EQ(clip("鸿", 1), "…");
  EXPECT_EQ(clip("鸿", 0), "");
}

TEST(ScreenText, WrapsAtBlanksElseAnywhere) {
  EXPECT_EQ(wrap("one two three", 8), (Rows{"one two", "three"}));
  EXPECT_EQ(wrap("abcdefghij", 4), (Rows{"abcd", "efgh", "ij"}));
  EXPECT_EQ(wrap("鸿雁传书", 5), (Rows{"鸿雁", "传书"}));
  EXPECT_EQ(wrap("a\n\nb", 5), (Rows{"a", "", "b"}));
  EXPECT_EQ(wrap("", 5), Rows{""});
  EXPECT_EQ(wrap("one  two", 3), (Rows{"one", "two"}));
  EXPECT_EQ(wrap("鸿", 1), Rows{"鸿"});
  for (const std::string& row :
       wrap("a long text with 中文 and other words in it, and abcdefghijklmnopqrstuvwxyz", 9)) {
    EXPECT_LE(columns_of(row), 9) << row;
  }
}

TEST(ScreenGrid, PutsWholeCharactersOnly) {
  Grid grid({5, 2});
  EXPECT_EQ(grid.put({0, 0}, "鸿雁传", 5), 4);
  EXPECT_EQ(grid.row_text(0), "鸿雁");
  EXPECT_EQ(grid.at(1, 0).columns, 0);
  EXPECT_EQ(grid.put({3, 1}, "abc", 9), 2);
  EXPECT_EQ(grid.put({0, 2}, "below", 9), 0);
  EXPECT_EQ(grid.put({-1, 0}, "left", 9), 0);
  EXPECT_EQ(grid.put_right({5, 1}, "xy", 5), 2);
  EXPECT_EQ(grid.row_text(1), "   xy");
}

}  // namespace
}  // namespace hongyan::chat::screen
