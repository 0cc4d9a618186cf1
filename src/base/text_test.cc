#include "base/text.h"

#include <gtest/gtest.h>

namespace hongyan {
namespace {

TEST(Line, CountsCharactersAndRefusesWhatDeceives) {
  EXPECT_EQ(check_line("  鸿雁 ", 1, 2, "nickname"), "鸿雁");
  EXPECT_EQ(check_line("", 0, 2, "nickname"), "");
  EXPECT_TRUE(check_line("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80", 1, 3, "nickname"));
  for (const std::string& text :
       {std::string("   "), std::string("鸿雁鸿"), std::string("a\nb"), std::string("a\0b", 3), std::string("\x7f"),
        std::string("\xc2\x85"), std::string("\xe2\x80\xae"), std::string("\xe2\x81\xa6"), std::string("\xe2\x80\xa8"),
        std::string("\xff"), std::string("\xc0\x80"), std::string("\xed\xa0\x80"), std::string("\xe9\xb8"),
        std::string("\xf4\x90\x80\x80"), std::string("\xf0\x80\x80\x80")}) {
    const auto refused = check_line(text, 1, 2, "nickname");
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(refused.error().field, "nickname");
  }
}

}  // namespace
}  // namespace hongyan
