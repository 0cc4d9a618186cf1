#include "edge/gateway/directory.h"

#include <gtest/gtest.h>

namespace hongyan::gateway {
namespace {

Entry entry(std::uint64_t session, std::uint64_t user, std::uint64_t device) {
  return {SessionId(session), UserId(user), DeviceId(device), 0, {}};
}

TEST(Directory, TheOldestMakesRoom) {
  Directory directory({.per_device = 2, .per_user = 3});
  EXPECT_TRUE(directory.add(entry(1, 1, 1)).empty());
  EXPECT_TRUE(directory.add(entry(2, 1, 1)).empty());
  const auto of_device = directory.add(entry(3, 1, 1));
  ASSERT_EQ(of_device.size(), 1u);
  EXPECT_EQ(of_device[0].session_id, SessionId(1));
  EXPECT_TRUE(directory.add(entry(4, 1, 2)).empty());
  const auto of_user = directory.add(entry(5, 1, 3));
  ASSERT_EQ(of_user.size(), 1u);
  EXPECT_EQ(of_user[0].session_id, SessionId(2));
  EXPECT_TRUE(directory.add(entry(6, 2, 3)).empty());
  EXPECT_EQ(directory.size(), 4u);
}

TEST(Directory, FindsWhatAKickMeans) {
  Directory directory({});
  for (std::uint64_t i = 1; i <= 3; ++i) directory.add(entry(i, 1, i));
  EXPECT_EQ(directory.find({.user = UserId(1)}).size(), 3u);
  EXPECT_EQ(directory.find({.user = UserId(1), .device = DeviceId(2)}).at(0).session_id, SessionId(2));
  EXPECT_EQ(directory.find({.user = UserId(1), .except = DeviceId(2)}).size(), 2u);
  EXPECT_TRUE(directory.find({.user = UserId(2)}).empty());
  directory.remove(UserId(1), SessionId(2));
  directory.remove(UserId(1), SessionId(2));
  EXPECT_EQ(directory.size(), 2u);
}

}  // namespace
}  // namespace hongyan::gateway
