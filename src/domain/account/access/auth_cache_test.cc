#include "domain/account/access/auth_cache.h"

#include <gtest/gtest.h>

namespace hongyan::account {
namespace {

constexpr UserId kUser(1);
constexpr UserId kAnother(2);

AuthState state(std::int64_t version) {
  AuthState made;
  made.token_version = version;
  return made;
}

TEST(AuthCache, KeepsDevicesByUserAndDropsThemTogether) {
  AuthCache cache(10);
  cache.put(kUser, DeviceId(1), state(1), cache.drops());
  cache.put(kUser, DeviceId(2), state(2), cache.drops());
  cache.put(kAnother, DeviceId(3), state(3), cache.drops());
  cache.put(kUser, DeviceId(1), state(4), cache.drops());
  EXPECT_EQ(cache.find(kUser, DeviceId(1))->token_version, 4);
  EXPECT_EQ(cache.find(kUser, DeviceId(2))->token_version, 2);
  EXPECT_FALSE(cache.find(kAnother, DeviceId(1)));
  cache.drop(kUser);
  EXPECT_FALSE(cache.find(kUser, DeviceId(1)));
  EXPECT_FALSE(cache.find(kUser, DeviceId(2)));
  EXPECT_TRUE(cache.find(kAnother, DeviceId(3)));
}

TEST(AuthCache, AStateReadBeforeADropIsNotKept) {
  AuthCache cache(10);
  const auto before = cache.drops();
  cache.drop(kUser);
  cache.put(kUser, DeviceId(1), state(1), before);
  EXPECT_FALSE(cache.find(kUser, DeviceId(1)));
}

TEST(AuthCache, IsBounded) {
  AuthCache cache(2);
  for (std::uint64_t user = 1; user <= 3; ++user) cache.put(UserId(user), DeviceId(1), state(1), cache.drops());
  EXPECT_FALSE(cache.find(UserId(1), DeviceId(1)));
  EXPECT_TRUE(cache.find(UserId(3), DeviceId(1)));
  for (std::uint64_t device = 1; device <= 65; ++device)
    cache.put(UserId(3), DeviceId(device), state(1), cache.drops());
  EXPECT_FALSE(cache.find(UserId(3), DeviceId(1)));
  EXPECT_TRUE(cache.find(UserId(3), DeviceId(65)));
}

}  // namespace
}  // namespace hongyan::account
