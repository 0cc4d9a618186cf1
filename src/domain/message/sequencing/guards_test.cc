#include "domain/message/sequencing/guards.h"

#include <gtest/gtest.h>

#include "domain/message/testing/fakes.h"

namespace hongyan::message::sequencing {
namespace {

constexpr UserPlace kAnnasPlace{UserId(7), ConversationId(100)};
constexpr UserPlace kBertsPlace{UserId(8), ConversationId(100)};

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
  EXPECT_EQ(guards_.find(kAnnasPlace), nullptr);
  guards_.load(kAnnasPlace);
  guards_.load(kAnnasPlace);
  EXPECT_TRUE(guards_.loading(kAnnasPlace));
  EXPECT_EQ(source_.loads(), 1);
  deliver();
  EXPECT_NE(guards_.find(kAnnasPlace), nullptr);
  EXPECT_FALSE(guards_.loading(kAnnasPlace));
}

TEST_F(GuardsTest, ForgetsTheLeastRecentlyUsed) {
  const UserPlace third{UserId(9), ConversationId(100)};
  for (const UserPlace& place : {kAnnasPlace, kBertsPlace}) guards_.load(place);
  deliver();
  (void)guards_.find(kAnnasPlace);
  guards_.load(third);
  deliver();
  EXPECT_NE(guards_.find(kAnnasPlace), nullptr);
  EXPECT_EQ(guards_.find(kBertsPlace), nullptr);
  EXPECT_NE(guards_.find(third), nullptr);
  // What was forgotten is not found by a bump either.
  guards_.drop_user(kBertsPlace.user);
  EXPECT_NE(guards_.find(kAnnasPlace), nullptr);
}

TEST_F(GuardsTest, AGuardThatEndsByItselfIsDroppedThen) {
  source_.end_at(kAnnasPlace, TimeMs(5000));
  for (const UserPlace& place : {kAnnasPlace, kBertsPlace}) guards_.load(place);
  deliver();
  EXPECT_NE(guards_.find(kAnnasPlace, TimeMs(4999)), nullptr);
  EXPECT_EQ(guards_.find(kAnnasPlace, TimeMs(5000)), nullptr);
  EXPECT_EQ(guards_.find(kAnnasPlace), nullptr) << "dropped";
  EXPECT_NE(guards_.find(kBertsPlace, TimeMs(5000)), nullptr);
}

TEST_F(GuardsTest, ABumpAfterTheLoadBeganMakesItStaleOneBeforeDoesNot) {
  source_.hold();
  guards_.drop_user(kAnnasPlace.user);
  guards_.load(kAnnasPlace);
  guards_.drop_user(kBertsPlace.user);
  source_.answer_next();
  deliver();
  EXPECT_EQ(ends_, (std::vector{Guards::Loaded::kept}));
  guards_.load(kBertsPlace);
  guards_.drop_conversation(kBertsPlace.conversation);
  source_.answer_next();
  deliver();
  EXPECT_EQ(ends_.back(), Guards::Loaded::repeated);
  EXPECT_TRUE(guards_.loading(kBertsPlace));
  EXPECT_EQ(guards_.find(kAnnasPlace), nullptr) << "the conversation's bump dropped it";
  source_.answer_next();
  deliver();
  EXPECT_EQ(ends_.back(), Guards::Loaded::kept);
}

TEST_F(GuardsTest, ManyBumpsMakeEveryLoadUnderWayStale) {
  source_.hold();
  guards_.load(kAnnasPlace);
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
  guards_.load(kAnnasPlace);
  deliver();
  EXPECT_EQ(ends_, (std::vector{Guards::Loaded::failed}));
  EXPECT_EQ(guards_.find(kAnnasPlace), nullptr);
  EXPECT_FALSE(guards_.loading(kAnnasPlace));
}

}  // namespace
}  // namespace hongyan::message::sequencing
