#include "infra/crypto/hash.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "infra/crypto/random.h"

namespace hongyan::crypto {
namespace {

template <class Bytes>
std::string hex(const Bytes& bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

// FIPS 180-4 examples.
TEST(Sha256, KnowsItsVectors) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, EachHashBeginsAnew) {
  const auto first = sha256("abc");
  (void)sha256(std::string(1000, 'x'));
  EXPECT_EQ(sha256("abc"), first);
}

// RFC 4231 cases 1, 2 and 6.
TEST(HmacSha256, KnowsTheVectorsOfTheRfc) {
  EXPECT_EQ(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(EqualConstantTime, Compares) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "abcd"));
}

TEST(Random, TokensAreLongAndNeverTheSame) {
  SystemRandom random;
  const std::string one = random_token(random);
  EXPECT_EQ(one.size(), 43U);
  EXPECT_NE(one, random_token(random));
}

}  // namespace
}  // namespace hongyan::crypto
