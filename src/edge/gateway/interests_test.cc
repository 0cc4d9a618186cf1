#include "edge/gateway/interests.h"

#include <gtest/gtest.h>

#include "hongyan/v1/frame.pb.h"

namespace hongyan::gateway {
namespace {

constexpr wire::Topic kOfAlice{wire::Topic::Kind::user, 1};
constexpr wire::Topic kOfBob{wire::Topic::Kind::user, 2};

wire::Publication publication(const wire::Topic& topic, std::vector<UserId> join = {}) {
  return {topic, wire::make_push("message", v1::MessagePush(), ConversationId(10),
                                 {.seq = Seq(1), .stub = {}, .join = std::move(join), .leave = {}})};
}

std::vector<std::size_t> sizes(const std::vector<std::vector<wire::Publication>>& parts) {
  std::vector<std::size_t> all;
  for (const auto& part : parts) all.push_back(part.size());
  return all;
}

using Sizes = std::vector<std::size_t>;

TEST(Interests, APushGoesToTheLanesThatHaveItsTopic) {
  Interests interests;
  interests.add(kOfAlice, 0);
  interests.add(kOfAlice, 0);
  interests.add(kOfAlice, 2);
  interests.add(kOfBob, 2);
  const std::vector batch{publication(kOfAlice), publication(kOfBob)};
  EXPECT_EQ(sizes(interests.spread(batch, 3)), (Sizes{1, 0, 2}));
  interests.remove(kOfAlice, 2);
  interests.remove(kOfBob, 0);
  EXPECT_EQ(sizes(interests.spread(batch, 3)), (Sizes{1, 0, 1}));
  interests.remove(kOfBob, 2);
  interests.remove(kOfBob, 2);
  EXPECT_EQ(sizes(interests.spread(batch, 3)), (Sizes{1, 0, 0}));
}

TEST(Interests, WhoJoinsMayBeAnywhere) {
  Interests interests;
  const std::vector batch{publication(kOfBob, {UserId(2)})};
  EXPECT_EQ(sizes(interests.spread(batch, 2)), (Sizes{1, 1}));
}

TEST(Interests, WhatFollowsAJoinGoesWithItUntilAllLanesHaveIt) {
  Interests interests;
  const wire::Topic group = wire::Topic::group(ConversationId(10));
  const std::vector line{publication(group, {UserId(2)}), publication(group)};
  const std::vector message{publication(group)};
  EXPECT_EQ(sizes(interests.spread(line, 2)), (Sizes{2, 2}));
  interests.joined(group);
  EXPECT_EQ(sizes(interests.spread(message, 2)), (Sizes{1, 1}));
  interests.add(group, 1);
  interests.joined(group);
  EXPECT_EQ(sizes(interests.spread(message, 2)), (Sizes{0, 1}));
  interests.joined(group);
}

TEST(Interests, TheOrderStays) {
  Interests interests;
  interests.add(kOfAlice, 0);
  const std::vector batch{publication(kOfAlice), publication(kOfAlice)};
  const auto parts = interests.spread(batch, 1);
  EXPECT_EQ(parts[0][0].push, batch[0].push);
  EXPECT_EQ(parts[0][1].push, batch[1].push);
}

}  // namespace
}  // namespace hongyan::gateway
