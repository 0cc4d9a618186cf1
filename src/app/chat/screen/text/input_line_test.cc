#include "app/chat/screen/text/input_line.h"

#include <gtest/gtest.h>

#include "app/chat/screen/testing/states.h"

namespace hongyan::chat::screen {
namespace {

void type(InputLine& line, std::initializer_list<KeyCode> keys) {
  for (const KeyCode key : keys) EXPECT_TRUE(line.press({key, {}}));
}

TEST(InputLine, EditsByWholeCharacters) {
  InputLine line;
  line.insert("a鸿👋🏽");
  type(line, {KeyCode::left, KeyCode::backspace});
  EXPECT_EQ(line.text(), "a👋🏽");
  type(line, {KeyCode::del});
  EXPECT_EQ(line.text(), "a");
  type(line, {KeyCode::home, KeyCode::left});
  line.insert("x");
  type(line, {KeyCode::end, KeyCode::right});
  line.insert("z");
  EXPECT_EQ(line.text(), "xaz");
  type(line, {KeyCode::backspace, KeyCode::backspace, KeyCode::backspace, KeyCode::backspace});
  EXPECT_EQ(line.text(), "");
}

TEST(InputLine, TakesPastesWithoutWhatActs) {
  InputLine line;
  line.insert("one\ttwo\nthree\x1b[31m\r");
  EXPECT_EQ(line.text(), "one two\nthree[31m");
  line.insert("\xC3");
  EXPECT_EQ(line.text(), "one two\nthree[31m");
  line.insert(std::string(InputLine::kMaxBytes, 'x'));
  EXPECT_EQ(line.text(), "one two\nthree[31m");
  EXPECT_EQ(line.take(), "one two\nthree[31m");
  EXPECT_EQ(line.cursor(), 0U);
}

TEST(InputLine, KillsWordsAndWhatStandsBefore) {
  InputLine line;
  line.insert("one two  three");
  type(line, {KeyCode::kill_word});
  EXPECT_EQ(line.text(), "one two  ");
  type(line, {KeyCode::kill_word});
  EXPECT_EQ(line.text(), "one ");
  type(line, {KeyCode::left, KeyCode::kill_line});
  EXPECT_EQ(line.text(), " ");
  EXPECT_FALSE(line.press({KeyCode::up, {}}));
}

TEST(InputLine, IsBrokenIntoRowsWithItsCursor) {
  InputLine line;
  line.insert("abc鸿d\nx");
  InputRows laid = lay_out(line, 4);
  EXPECT_EQ(laid.rows, (std::vector<std::string>{"abc", "鸿d↵", "x"}));
  EXPECT_EQ(laid.cursor, (Point{1, 2}));
  for (int i = 0; i < 4; ++i) type(line, {KeyCode::left});
  EXPECT_EQ(lay_out(line, 4).cursor, (Point{0, 1}));
  line = {};
  line.insert("abcd");
  laid = lay_out(line, 4);
  EXPECT_EQ(laid.cursor, (Point{0, 1}));
}

}  // namespace
}  // namespace hongyan::chat::screen
