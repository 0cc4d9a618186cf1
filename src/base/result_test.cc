#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace hongyan {
namespace {

Result<std::unique_ptr<int>> make(bool works) {
  if (!works) return fail(ErrorCode::not_found, "nothing there");
  return std::make_unique<int>(41);
}

Result<int> add_one(bool works) {
  HY_TRY(const auto value, make(works));
  HY_TRY(make(works));
  return *value + 1;
}

TEST(Result, TryPassesValuesAndFailuresOn) {
  EXPECT_EQ(add_one(true).value(), 42);
  EXPECT_EQ(add_one(false).error().code, ErrorCode::not_found);
  EXPECT_EQ(add_one(false).error().detail, "nothing there");
}

TEST(ErrorCode, TableIsConsistent) {
  EXPECT_EQ(error_name(ErrorCode::not_member), "not_member");
  EXPECT_EQ(error_status(ErrorCode::rate_limited), 429);
  EXPECT_TRUE(error_retryable(ErrorCode::unavailable));
  EXPECT_EQ(error_code_of("conflict"), ErrorCode::conflict);
  EXPECT_EQ(error_code_of("nonsense"), std::nullopt);
}

}  // namespace
}  // namespace hongyan
