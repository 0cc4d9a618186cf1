#include "base/sort_unique.h"

#include <gtest/gtest.h>

namespace hongyan {
namespace {

TEST(SortUnique, LeavesOneOfEachInOrder) {
  std::vector<int> items{3, 1, 3, 2, 1};
  sort_unique(items);
  EXPECT_EQ(items, (std::vector{1, 2, 3}));
  std::vector<int> none;
  sort_unique(none);
  EXPECT_TRUE(none.empty());
}

}  // namespace
}  // namespace hongyan
