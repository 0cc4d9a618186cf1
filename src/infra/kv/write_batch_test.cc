#include "infra/kv/write_batch.h"

#include <gtest/gtest.h>

namespace hongyan::kv {
namespace {

TEST(WriteBatch, IsReadAsItWasWritten) {
  WriteBatch batch;
  const std::string large(300, 'v');
  batch.put(Family{0}, "key", large);
  batch.erase(Family{63}, "gone");
  batch.erase_below(Family{5}, std::string_view("\0\1", 2));
  batch.put(Family{1}, "", "");
  WriteReader reader(batch.bytes());
  const auto put = reader.next().value();
  EXPECT_EQ(put.kind, Write::Kind::put);
  EXPECT_EQ(put.key, "key");
  EXPECT_EQ(put.value, large);
  const auto erase = reader.next().value();
  EXPECT_EQ(erase.kind, Write::Kind::erase);
  EXPECT_EQ(erase.family, Family{63});
  EXPECT_EQ(reader.next().value().key, std::string_view("\0\1", 2));
  EXPECT_EQ(reader.next().value().key, "");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.damaged());
}

TEST(WriteReader, WhatIsCutOrUnknownIsDamaged) {
  WriteBatch batch;
  batch.put(Family{0}, "key", "value");
  for (std::size_t size = 1; size < batch.bytes().size(); ++size) {
    WriteReader reader(std::string_view(batch.bytes()).substr(0, size));
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.damaged()) << size;
  }
  using namespace std::string_view_literals;
  for (const std::string_view bytes : {"\xC0\1\1kv"sv, "\0\xFF\xFF\xFF\xFF\xFF\1kv"sv}) {
    WriteReader reader(bytes);
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.damaged());
  }
}

}  // namespace
}  // namespace hongyan::kv
