#include "infra/kv/key_filter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace hongyan::kv {
namespace {

constexpr std::size_t kAmple = 16 << 20;

std::string key(int number) { return "key " + std::to_string(number); }

bool may_have(const KeyFilter& filter, const std::string& one) { return filter.may_have(std::span(&one, 1)).front(); }

TEST(KeyFilterTest, KnowsWhatWasAddedAndHardlyAnythingElse) {
  KeyFilter filter(10, kAmple);
  EXPECT_FALSE(may_have(filter, key(0)));
  // Three layers: it has room for 131,072 at first.
  for (int i = 0; i < 1'000'000; ++i) filter.add(key(i));
  for (int i = 0; i < 1'000'000; ++i) ASSERT_TRUE(may_have(filter, key(i))) << i;
  int wrong = 0;
  for (int i = 1'000'000; i < 1'100'000; ++i) wrong += may_have(filter, key(i)) ? 1 : 0;
  EXPECT_LT(wrong, 900) << "three layers, less than three in a thousand each";
  EXPECT_GT(wrong, 0);
}

TEST(KeyFilterTest, TellsTheSameOfManyTogether) {
  KeyFilter filter(10, kAmple);
  for (int i = 0; i < 200'000; ++i) filter.add(key(i));
  // Not a multiple of what is asked for together.
  std::vector<std::string> keys;
  for (int i = 199'000; i < 201'003; ++i) keys.push_back(key(i));
  const std::vector<bool> may = filter.may_have(keys);
  ASSERT_EQ(may.size(), keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(may[i], may_have(filter, keys[i])) << keys[i];
  EXPECT_TRUE(filter.may_have(std::span<const std::string>()).empty());
  const KeyFilter given_up(1'000'000, 1000);
  EXPECT_EQ(given_up.may_have(std::span<const std::string>(keys).first(2)), std::vector<bool>(2, true));
}

TEST(KeyFilterTest, TakesSixteenBitsForEachExpectedKey) {
  const KeyFilter filter(1'000'000, kAmple);
  EXPECT_NEAR(static_cast<double>(filter.bytes()), 2'000'000, 64);
}

TEST(KeyFilterTest, IsGivenUpWhenThereAreTooManyKeys) {
  // Room for 131,072 keys, then for as many as fit, which is less than twice as many again.
  constexpr int kFit = 300'000;
  KeyFilter filter(10, 2 * kFit);
  for (int i = 0; i < kFit; ++i) filter.add(key(i));
  EXPECT_FALSE(may_have(filter, "no key"));
  EXPECT_NEAR(static_cast<double>(filter.bytes()), 2.0 * kFit, 128);
  for (int i = kFit; i < kFit + 10; ++i) filter.add(key(i));
  EXPECT_TRUE(may_have(filter, "no key"));
  for (int i = 0; i < kFit; ++i) ASSERT_TRUE(may_have(filter, key(i))) << i;
  EXPECT_LE(filter.bytes(), 2U * kFit);
}

TEST(KeyFilterTest, CanBeTooLargeFromTheStart) {
  KeyFilter filter(1'000'000, 1000);
  EXPECT_TRUE(may_have(filter, "no key"));
  filter.add("a key");
  EXPECT_TRUE(may_have(filter, "a key"));
  EXPECT_EQ(filter.bytes(), 0U);
}

TEST(KeyFilterTest, IsReadWhileItGrows) {
  KeyFilter filter(10, kAmple);
  std::atomic<int> added{0};
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&] {
      std::mt19937 random(7);
      for (int known = 0; known < 150'000; known = added) {
        if (known > 0) ASSERT_TRUE(may_have(filter, key(static_cast<int>(random() % static_cast<unsigned>(known)))));
      }
    });
  }
  for (int i = 0; i < 150'000; ++i) {
    filter.add(key(i));
    ++added;
  }
}

}  // namespace
}  // namespace hongyan::kv
