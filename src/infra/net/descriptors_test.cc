#include "infra/net/descriptors.h"

#include <gtest/gtest.h>

namespace hongyan::net {
namespace {

TEST(DescriptorsTest, LeaveRoomForWhatElseIsOpen) {
  EXPECT_EQ(connections_within(files_for(16'000), 16'000), 16'000);
  EXPECT_EQ(connections_within(files_for(16'000) - 1, 16'000), 15'999);
  EXPECT_EQ(connections_within(INT64_MAX, 16'000), 16'000);
  EXPECT_EQ(connections_within(1'024, 16'000), 512) << "half, where there are few";
  EXPECT_EQ(connections_within(1'024, 100), 100);
}

TEST(DescriptorsTest, AreAsManyAsTheHardLimitAllows) {
  raise_file_limit();
  EXPECT_GT(allowed_files(), 0);
}

}  // namespace
}  // namespace hongyan::net
