#include "domain/conversation/outbox/sql_store.h"

#include <gtest/gtest.h>

#include "domain/conversation/testing/group_world.h"

namespace hongyan::conversation {
namespace {

class OutboxTest : public testing::GroupWorld {
 protected:
  std::vector<ConversationId> waiting(std::size_t limit = 10) { return run(outbox_.waiting(limit, soon())).value(); }
  std::future<Result<bool>> await(OutboxId line, std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    return async::start(io_.context(1).get_executor(), outbox_.settled(line, async::deadline_in(patience)));
  }
};

TEST_F(OutboxTest, LinesWaitInTheOrderOfTheirCommits) {
  const OutboxId first = create({}).line;
  const OutboxId other = create({}, ConversationId(5)).line;
  const OutboxId second = add(kOwner, {UserId(2)}).value().line;
  EXPECT_LT(first, other);
  EXPECT_LT(other, second);
  EXPECT_EQ(waiting(), (std::vector{kGroup, ConversationId(5)}));
  EXPECT_EQ(waiting(1), std::vector{kGroup});
  EXPECT_EQ(lines().at(0).id, first);
  EXPECT_EQ(lines().at(1).id, second);
  EXPECT_EQ(run(outbox_.waiting_of(kGroup, 1, soon())).value().size(), 1u);
}

TEST_F(OutboxTest, WhatIsDoneOrDeadWaitsNoMore) {
  const OutboxId first = create({}).line;
  const OutboxId second = add(kOwner, {UserId(2)}).value().line;
  ASSERT_TRUE(run(outbox_.done({first}, soon())));
  ASSERT_TRUE(run(outbox_.done({first}, soon()))) << "a repeat is harmless";
  EXPECT_EQ(lines().at(0).id, second);
  ASSERT_TRUE(run(outbox_.dead(second, "refused", soon())));
  EXPECT_TRUE(lines().empty());
  EXPECT_TRUE(waiting().empty());
  EXPECT_GT(add(kOwner, {UserId(3)}).value().line, second) << "an id is never given twice";
}

TEST_F(OutboxTest, WhoWaitsForALineIsWoken) {
  const OutboxId done = create({}).line;
  const OutboxId dead = add(kOwner, {UserId(2)}).value().line;
  auto of_done = await(done);
  auto of_dead = await(dead);
  ASSERT_TRUE(run(outbox_.done({done}, soon())));
  EXPECT_TRUE(of_done.get().value());
  ASSERT_TRUE(run(outbox_.dead(dead, "refused", soon())));
  EXPECT_TRUE(of_dead.get().value());
  EXPECT_TRUE(await(done).get().value()) << "what was settled before";
}

TEST_F(OutboxTest, WaitingEndsAtTheDeadline) {
  const OutboxId line = create({}).line;
  EXPECT_FALSE(await(line, std::chrono::milliseconds(50)).get().value());
}

TEST_F(OutboxTest, ItsListenerHearsOfCommits) {
  struct Noted : OutboxListener {
    void lines_waiting(ConversationId conversation) override { heard.push_back(conversation); }
    std::vector<ConversationId> heard;
  } noted;
  outbox_.announce(kGroup);
  outbox_.set_listener(noted);
  outbox_.announce(kGroup);
  EXPECT_EQ(noted.heard, std::vector{kGroup});
}

}  // namespace
}  // namespace hongyan::conversation
