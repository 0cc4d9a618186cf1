#include "infra/text/sort_key.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace hongyan::text {
namespace {

TEST(SortKeys, NamesInLatinLetters) {
  const SortKeys keys;
  const std::pair<const char*, const char*> cases[] = {
      {"Alice", "alice"},
      {"ÉMILE Zola", "emilezola"},
      {"张三", "zhangsan"},
      {"李 雷", "lilei"},
      {"单雄信", "shanxiongxin"},
      {"Анна", "anna"},
      {"小明2", "xiaoming2"},
      {"女儿", "nuer"},
      {"A B", "ab"},
  };
  for (const auto& [name, key] : cases) EXPECT_EQ(keys.of(name), key) << name;
}

TEST(SortKeys, WhatBeginsWithNoLetterComesLast) {
  const SortKeys keys;
  EXPECT_EQ(keys.of("007"), "~007");
  EXPECT_EQ(keys.of(""), "~");
  EXPECT_EQ(keys.of("😀 阿明").front(), '~');
  std::vector<std::string> names{"阿明", "Zoe", "😀", "bob", "9", "张三"};
  std::ranges::sort(names, {}, [&](const std::string& name) { return keys.of(name); });
  EXPECT_EQ(names, (std::vector<std::string>{"阿明", "bob", "张三", "Zoe", "9", "😀"}));
}

TEST(SortKeys, AreBoundedAndWhole) {
  const SortKeys keys;
  std::string name;
  for (int i = 0; i < 64; ++i) name += "\xf0\x9f\x98\x80\xf0\x9f\x98\x80";
  const std::string key = keys.of(name);
  EXPECT_LE(key.size(), SortKeys::kMaxBytes);
  EXPECT_EQ((key.size() - 1) % 4, 0u) << "a character is cut in half";
}

TEST(SortKeys, FromManyThreads) {
  const SortKeys keys;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&keys] {
      for (int n = 0; n < 50; ++n) EXPECT_EQ(keys.of("王小明"), "wangxiaoming");
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace hongyan::text
