#include "base/numbers.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace hongyan {
namespace {

TEST(NumberFrom, ReadsTheWholeTextOrNothing) {
  EXPECT_EQ(number_from<std::uint64_t>("18446744073709551615"), 18446744073709551615U);
  EXPECT_EQ(number_from<std::int64_t>("-5"), -5);
  EXPECT_EQ(number_from<std::size_t>("ff", 16), 255U);
  for (const char* text : {"", "-", "+5", " 5", "5 ", "5x", "x", "18446744073709551616", "-1"}) {
    EXPECT_FALSE(number_from<std::uint64_t>(text)) << text;
  }
}

TEST(TakeNumber, TakesTheSeparatorToo) {
  std::string_view text = "12,-3,rest";
  std::int64_t number = 0;
  ASSERT_TRUE(take_number(text, number, ','));
  EXPECT_EQ(number, 12);
  ASSERT_TRUE(take_number(text, number, ','));
  EXPECT_EQ(number, -3);
  EXPECT_EQ(text, "rest");
}

TEST(TakeNumber, LeavesATextThatDoesNotBeginWithBoth) {
  for (const std::string_view given : {"", "12", "12.", ",", "x,", "99999999999999999999,"}) {
    std::string_view text = given;
    std::int64_t number = 0;
    EXPECT_FALSE(take_number(text, number, ',')) << given;
    EXPECT_EQ(text, given);
  }
}

}  // namespace
}  // namespace hongyan
