#include "base/lru.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

namespace hongyan {
namespace {

TEST(Lru, KeepsTheOrderOfUseToAnEighth) {
  constexpr int kEntries = 800;
  Lru<int, int> map;
  std::uint64_t uses = 0;
  std::vector<std::uint64_t> used(kEntries);
  const auto use = [&](int key) {
    ASSERT_NE(map.find(key), nullptr);
    used[static_cast<std::size_t>(key)] = ++uses;
  };
  for (int i = 0; i < kEntries; ++i) {
    map.put(i, i);
    use(i);
  }
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) use(static_cast<int>(random() % kEntries));
  std::vector<std::uint64_t> order;
  EXPECT_EQ(map.size(), static_cast<std::size_t>(kEntries));
  while (map.size() > 0) {
    const int value = *map.oldest();
    const auto [key, popped] = map.pop_oldest();
    EXPECT_EQ(key, value);
    EXPECT_EQ(popped, value);
    order.push_back(used[static_cast<std::size_t>(key)]);
  }
  EXPECT_EQ(map.oldest(), nullptr);
  // Nobody goes before more than an eighth of those who were used earlier.
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto earlier = std::count_if(order.begin() + static_cast<std::ptrdiff_t>(i), order.end(),
                                       [&](std::uint64_t other) { return other < order[i]; });
    EXPECT_LE(earlier, kEntries / 8) << "the " << i << "th to go";
  }
}

TEST(Lru, TakesOutEntriesAnywhere) {
  Lru<int, int> map;
  for (int i = 0; i < 3; ++i) map.put(i, i);
  map.erase(1);
  map.erase(2);
  map.put(3, 3);
  EXPECT_EQ(map.pop_oldest().first, 0);
  EXPECT_EQ(map.pop_oldest().first, 3);
  map.put(4, 4);
  map.clear();
  EXPECT_EQ(map.oldest(), nullptr);
  map.put(5, 5);
  EXPECT_EQ(*map.oldest(), 5);
}

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
