#include "infra/crypto/password.h"

#include <gtest/gtest.h>

namespace hongyan::crypto {
namespace {

constexpr PasswordCost kCheap{8192, 1};

TEST(PasswordHasher, VerifiesWhatItHashed) {
  const PasswordHasher hasher(kCheap);
  const auto hash = hasher.hash("correct horse");
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hasher.verify(*hash, "correct horse"));
  EXPECT_FALSE(hasher.verify(*hash, "correct horse "));
  EXPECT_FALSE(hasher.verify(*hash, ""));
  EXPECT_NE(*hash, hasher.hash("correct horse").value());
}

TEST(PasswordHasher, TheDefaultIs19MiBAndTwoPasses) {
  const auto hash = PasswordHasher().hash("x");
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << *hash;
}

TEST(PasswordHasher, WithoutAnAccountNothingVerifies) {
  const PasswordHasher hasher(kCheap);
  EXPECT_FALSE(hasher.verify(std::nullopt, ""));
  EXPECT_FALSE(hasher.verify(std::nullopt, "guess"));
  EXPECT_FALSE(hasher.verify("not a hash", "guess"));
}

// The reference implementation's own string for this password and salt (argon2 -id -t 2 -m 16 -p 1 -l 32).
TEST(PasswordHasher, ReadsStringsOfTheReferenceImplementation) {
  const PasswordHasher hasher(kCheap);
  const std::string hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  EXPECT_TRUE(hasher.verify(hash, "password"));
  EXPECT_FALSE(hasher.verify(hash, "differentpassword"));
}

}  // namespace
}  // namespace hongyan::crypto
