#include "domain/message/sequencing/guards.h"

#include <gtest/gtest.h>

#include "domain/message/testing/fakes.h"

namespace hongyan::message::sequencing {
namespace {

constexpr UserPlace kAnna{UserId(7), ConversationId(100)};
constexpr UserPlace kBert{UserId(8), ConversationId(100)};

class GuardsTest : public ::testing::Test {
 protected:
  // Ends of loads are collected here, as the sequencer's mailbox would.
  void deliver() {
    for (auto& [place, guard] : std::exchange(ended_, {})) ends_.push_back(guards_.loaded(place, std::move(guard)));
  }

  testing::FakeGuards source_;
  std::vector<std::pair<UserPlace, Result<conversation::SendGuard>>> ended_;
  std::vector<Guards::Loaded> ends_;
  Guards guards_{source_, 2, [this](UserPlace place, Result<conversation::SendGuard> guard) {
                   ended_.emplace_back(place, std::move(guard));
                 }};
};

TEST_F(GuardsTest, LoadsOnceAndKeeps) {
  EXPECT_EQ(guards_.find(kAnna), nullptr);
  guards_.load(kAnna);
  guards_.load(kAnna);
  EXPECT_TRUE(guards_.loading(kAnna));
  EXPECT_EQ(source_.loads(), 1);
  deliver();
  EXPECT_NE(guards_.find(kAnna), nullptr);
  EXPECT_FALSE(guards_.loading(kAnna));
}

TEST_F(GuardsTest, ForgetsTheLeastRecentlyUsed) {
  const UserPlace third{UserId(9), ConversationId(100)};
  for (const UserPlace& place : {kAnna, kBert}) guards_.load(place);
  deliver();
  (void)guards_.find(kAnna);
  guards_.load(third);
  deliver();
  EXPECT_NE(guards_.find(kAnna), nullptr);
  EXPECT_EQ(guards_.find(kBert), nullptr);
  EXPECT_NE(guards_.find(third), nullptr);
  // What was forgotten is not found by a bump either.
  guards_.drop_user(kBert.user);
  EXPECT_NE(guards_.find(kAnna), nullptr);
}

TEST_F(GuardsTest, AGuardThatEndsByItselfIsDroppedThen) {
  source_.end_at(kAnna, TimeMs(5000));
  for (const UserPlace& place : {kAnna, kBert}) guards_.load(place);
  deliver();
  for (const UserPlace& place : {kAnna, kBert}) guards_.expire(place, TimeMs(4999));
  EXPECT_NE(guards_.find(kAnna), nullptr);
  for (const UserPlace& place : {kAnna, kBert}) guards_.expire(place, TimeMs(5000));
  EXPECT_EQ(guards_.find(kAnna), nullptr);
  EXPECT_NE(guards_.find(kBert), nullptr);
}

TEST_F(GuardsTest, ABumpAfterTheLoadBeganMakesItStaleOneBeforeDoesNot) {
  source_.hold();
  guards_.drop_user(kAnna.user);
  guards_.load(kAnna);
  guards_.drop_user(kBert.user);
  source_.answer_next();
  deliver();
  EXPECT_EQ(ends_, (std::vector{Guards::Loaded::kept}));
  guards_.load(kBert);
  guards_.drop_conversation(kBert.conversation);
  source_.answer_next();
  deliver();
  EXPECT_EQ(ends_.back(), Guards::Loaded::repeated);
  EXPECT_TRUE(guards_.loading(kBert));
  EXPECT_EQ(guards_.find(kAnna), nullptr) << "the conversation's bump dropped it";
  source_.answer_next();
  deliver();
  EXPECT_EQ(ends_.back(), Guards::Loaded::kept);
}

TEST_F(GuardsTest, ManyBumpsMakeEveryLoadUnderWayStale) {
  source_.hold();
  guards_.load(kAnna);
  for (int i = 0; i < 5000; ++i) guards_.drop_user(UserId(10'000 + i));
  source_.answer_next();
  deliver();
  EXPECT_EQ(ends_.back(), Guards::Loaded::repeated);
  source_.answer_next();
  deliver();
  EXPECT_EQ(ends_.back(), Guards::Loaded::kept);
}

TEST_F(GuardsTest, AFailedLoadKeepsNothing) {
  source_.fail_loads(ErrorCode::unavailable);
  guards_.load(kAnna);
  deliver();
  EXPECT_EQ(ends_, (std::vector{Guards::Loaded::failed}));
  EXPECT_EQ(guards_.find(kAnna), nullptr);
  EXPECT_FALSE(guards_.loading(kAnna));
}

}  // namespace
}  // namespace hongyan::message::sequencing
