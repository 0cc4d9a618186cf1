#include "infra/kv/big_endian.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace hongyan::kv {
namespace {

std::string key_of(std::uint64_t number) {
  std::string key;
  append_big_endian(key, number);
  return key;
}

TEST(BigEndian, ReadsWhatItWroteAndSortsLikeTheNumbers) {
  EXPECT_TRUE(rc::check([](std::uint64_t a, std::uint64_t b) {
    RC_ASSERT(read_big_endian(key_of(a), 0) == a);
    RC_ASSERT((key_of(a) < key_of(b)) == (a < b));
    RC_ASSERT(read_big_endian(key_of(a) + key_of(b), 8) == b);
  }));
}

TEST(BigEndian, AShortKeyReadsAsZero) { EXPECT_EQ(read_big_endian("1234567", 0), 0u); }

}  // namespace
}  // namespace hongyan::kv
