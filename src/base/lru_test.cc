#include "base/lru.h"

#include <gtest/gtest.h>

namespace hongyan {
namespace {

TEST(BoundedLru, ForgetsWhatWasNotUsedForLongest) {
  BoundedLru<int, int> map(3);
  for (int i = 0; i < 3; ++i) map.put(i, i * 10);
  ASSERT_NE(map.find(0), nullptr);
  map.put(3, 30);
  EXPECT_EQ(map.size(), 3U);
  EXPECT_EQ(map.find(1), nullptr);
  EXPECT_EQ(*map.find(0), 0);
  map.put(0, 5);
  EXPECT_EQ(*map.find(0), 5);
  EXPECT_EQ(map.size(), 3U);
  map.erase(0);
  map.erase(0);
  EXPECT_EQ(map.size(), 2U);
}

}  // namespace
}  // namespace hongyan
