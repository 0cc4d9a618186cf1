#include "edge/gateway/missed.h"

#include <gtest/gtest.h>

namespace hongyan::gateway {
namespace {

TEST(Missed, NamesEachConversationOnce) {
  Missed missed(3);
  for (const std::uint64_t id : {7, 8, 7, 0, 9}) missed.add(ConversationId(id));
  EXPECT_FALSE(missed.too_many());
  auto taken = missed.take();
  std::ranges::sort(taken);
  EXPECT_EQ(taken, (std::vector{ConversationId(7), ConversationId(8), ConversationId(9)}));
  EXPECT_TRUE(missed.take().empty());
}

TEST(Missed, NamesNoneWhenTheyAreTooMany) {
  Missed missed(3);
  for (const std::uint64_t id : {1, 2, 3, 4, 5}) missed.add(ConversationId(id));
  EXPECT_TRUE(missed.too_many());
  EXPECT_TRUE(missed.take().empty());
  missed.add(ConversationId(6));
  EXPECT_FALSE(missed.too_many());
  EXPECT_EQ(missed.take(), std::vector{ConversationId(6)});
}

}  // namespace
}  // namespace hongyan::gateway
