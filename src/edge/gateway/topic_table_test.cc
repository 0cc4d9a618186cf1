#include "edge/gateway/topic_table.h"

#include <gtest/gtest.h>

#include "hongyan/v1/frame.pb.h"

namespace hongyan::gateway {
namespace {

struct Counting : Subscriber {
  void push(const wire::SharedPush&) override { ++pushes; }
  int pushes = 0;
};

TEST(TopicTable, DeliversToSubscribersOfTheTopicOnly) {
  TopicTable table;
  Counting a;
  Counting b;
  const auto mine = wire::Topic::user(UserId(1));
  table.subscribe(mine, a);
  table.subscribe(mine, a);
  table.subscribe(wire::Topic::group(ConversationId(1)), b);
  const auto push = wire::make_push("pong", v1::PongFrame());
  table.deliver({mine, push});
  table.deliver({wire::Topic::user(UserId(2)), push});
  EXPECT_EQ(a.pushes, 1);
  EXPECT_EQ(b.pushes, 0);
  table.unsubscribe(mine, a);
  table.unsubscribe(mine, a);
  table.deliver({mine, push});
  EXPECT_EQ(a.pushes, 1);
}

}  // namespace
}  // namespace hongyan::gateway
