#include "domain/message/cursors/cursor_merger.h"

#include <gtest/gtest.h>

#include <future>

#include "domain/account/testing/fakes.h"
#include "domain/message/testing/builders.h"
#include "domain/message/testing/cast.h"
#include "domain/message/testing/fakes.h"
#include "domain/message/testing/memory_store.h"

namespace hongyan::message {
namespace {

using testing::kAnna;
using testing::kBert;
using testing::kOther;
using testing::kRoom;

// A window that does not end while a test runs, and one that is over at once.
constexpr std::chrono::milliseconds kEndless = std::chrono::hours(1);
constexpr std::chrono::milliseconds kNone{0};

class CursorMergerTest : public ::testing::Test {
 protected:
  CursorMergerTest() {
    EXPECT_TRUE(store_.commit(testing::batch_of(kRoom, Seq(1), Seq(10), kBert)));
    EXPECT_TRUE(store_.commit(testing::batch_of(kOther, Seq(1), Seq(5), kBert)));
  }

  void start(CursorMergerOptions options) {
    merger_ = std::make_unique<CursorMerger>(CursorMergerPorts{store_, store_, privacy_, topics_},
                                             MessageMetrics(metrics_), options, [this](Error) { ++failures_; });
  }

  std::future<Result<Seq>> mark(UserPlace place, Seq seq, MarkKind kind = MarkKind::read) {
    auto promise = std::make_shared<std::promise<Result<Seq>>>();
    auto future = promise->get_future();
    merger_->mark({.place = place, .kind = kind, .seq = seq, .audience = {.peer = peer_, .senders = senders_}},
                  [promise](Result<Seq> result) { promise->set_value(std::move(result)); });
    return future;
  }

  Cursor cursor(UserPlace place) { return store_.cursors(std::span(&place, 1)).value().front(); }
  Seq stored(UserPlace place) { return cursor(place).read; }

  testing::MemoryStore store_;
  account::testing::FakePrivacy privacy_;
  testing::RecordingTopics topics_;
  metrics::Metrics metrics_;
  std::atomic<int> failures_ = 0;
  std::optional<UserId> peer_ = UserId(1000);
  bool senders_ = false;
  std::unique_ptr<CursorMerger> merger_;
};

TEST_F(CursorMergerTest, IsWrittenBeforeItIsAnsweredAndNeverFalls) {
  start({.window = kNone});
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(4)).get().value(), Seq(4));
  EXPECT_EQ(stored({kAnna, kRoom}), Seq(4));
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(2)).get().value(), Seq(4));
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(4)).get().value(), Seq(4));
  EXPECT_EQ(stored({kAnna, kRoom}), Seq(4));
  EXPECT_EQ(store_.cursor_writes(), 1) << "what does not move is not written";
}

TEST_F(CursorMergerTest, IsClampedToTheHead) {
  start({.window = kNone});
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(99)).get().value(), Seq(10));
  EXPECT_EQ(mark({kAnna, ConversationId(555)}, Seq(3)).get().value(), Seq(0));
}

TEST_F(CursorMergerTest, OfAGroupTheyHaveLeftItIsClampedToTheirEnd) {
  CommitBatch leaving = testing::batch_of(kOther, Seq(6), Seq(6), kBert);
  leaving.bounds = {{{kAnna, kOther}, Bound{Seq(1), Seq(4)}}, {{kBert, kOther}, Bound{Seq(1), Seq(0)}}};
  ASSERT_TRUE(store_.commit(leaving));
  start({.window = kNone});
  EXPECT_EQ(mark({kAnna, kOther}, Seq(99)).get().value(), Seq(4)) << "what came later is no affair of theirs";
  EXPECT_EQ(mark({kAnna, kOther}, Seq(99), MarkKind::delivered).get().value(), Seq(4));
  EXPECT_EQ(mark({kBert, kOther}, Seq(99)).get().value(), Seq(6));
}

TEST_F(CursorMergerTest, TheFirstIsWrittenAtOnceTheRestOfTheWindowAsOneBatch) {
  start({.window = kEndless});
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(1)).get().value(), Seq(1));
  auto second = mark({kAnna, kRoom}, Seq(2));
  auto fourth = mark({kAnna, kRoom}, Seq(4));
  auto third = mark({kAnna, kRoom}, Seq(3));
  auto other = mark({kBert, kOther}, Seq(5));
  EXPECT_EQ(second.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  merger_->stop();
  // What waits is written when it stops; all that were merged get what is stored.
  EXPECT_EQ(second.get().value(), Seq(4));
  EXPECT_EQ(fourth.get().value(), Seq(4));
  EXPECT_EQ(third.get().value(), Seq(4));
  EXPECT_EQ(other.get().value(), Seq(5));
  EXPECT_EQ(store_.cursor_writes(), 2);
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(9)).get().error().code, ErrorCode::unavailable);
}

TEST_F(CursorMergerTest, PushesToThoseWhoWatchOnceItMoved) {
  start({.window = kNone});
  ASSERT_TRUE(mark({kAnna, kRoom}, Seq(3)).get());
  ASSERT_TRUE(mark({kAnna, kRoom}, Seq(3)).get());
  merger_->stop();
  const auto own = topics_.to(wire::Topic::user(kAnna));
  ASSERT_EQ(own.size(), 1u);
  EXPECT_EQ(topics_.to(wire::Topic::user(UserId(1000))), own);
  EXPECT_NE(own[0].find(R"("type":"read")"), std::string::npos) << own[0];
  EXPECT_NE(own[0].find(R"("conversation_id":"100","user_id":"7","seq":3)"), std::string::npos) << own[0];
}

TEST_F(CursorMergerTest, WhatIsReadHasArrived) {
  start({.window = kNone});
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(5), MarkKind::delivered).get().value(), Seq(5));
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(3)).get().value(), Seq(3));
  EXPECT_EQ(cursor({kAnna, kRoom}).delivered, Seq(5));
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(8)).get().value(), Seq(8));
  EXPECT_EQ(cursor({kAnna, kRoom}).delivered, Seq(8));
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(7), MarkKind::delivered).get().value(), Seq(8));
  merger_->stop();
  const auto peer = topics_.to(wire::Topic::user(UserId(1000)));
  ASSERT_EQ(peer.size(), 3u);
  EXPECT_NE(peer[0].find(R"("type":"delivered")"), std::string::npos) << peer[0];
  EXPECT_EQ(topics_.to(wire::Topic::user(kAnna)).size(), 2u) << "own devices need not know what arrived";
}

TEST_F(CursorMergerTest, EachMarkGetsANumberOfEverybodyItConcerns) {
  start({.window = kNone});
  peer_ = kBert;
  ASSERT_TRUE(mark({kAnna, kRoom}, Seq(3)).get());
  peer_ = std::nullopt;
  ASSERT_TRUE(mark({kAnna, kOther}, Seq(3)).get());
  EXPECT_EQ(cursor({kAnna, kRoom}).number, CursorNo(1));
  EXPECT_EQ(cursor({kAnna, kOther}).number, CursorNo(2));
  EXPECT_EQ(cursor({kBert, kRoom}), (Cursor{Seq(0), Seq(0), CursorNo(1)}));
  EXPECT_EQ(store_.cursor_numbers(std::vector{kAnna, kBert}).value(), (std::vector{CursorNo(2), CursorNo(1)}));
}

TEST_F(CursorMergerTest, SendersOfAGroupHearOnceHowFarOthersHaveRead) {
  start({.window = kNone, .announce_every = std::chrono::milliseconds(20)});
  peer_ = std::nullopt;
  senders_ = true;
  ASSERT_TRUE(mark({kAnna, kRoom}, Seq(2)).get());
  ASSERT_TRUE(mark({kAnna, kRoom}, Seq(4)).get());
  ASSERT_TRUE(mark({kBert, kRoom}, Seq(4)).get());
  EXPECT_TRUE(topics_.await(wire::Topic::user(kBert), 2)) << "the own mark, and that of the reader";
  const auto bert = topics_.to(wire::Topic::user(kBert));
  EXPECT_NE(bert.back().find(R"("user_id":"7","seq":4)"), std::string::npos) << bert.back();
}

TEST_F(CursorMergerTest, WhatSomebodyKeepsToThemselvesIsToldToTheirOwnDevicesOnly) {
  start({.window = kNone});
  peer_ = kBert;
  for (const UserId hider : {kAnna, kBert}) {
    SCOPED_TRACE(hider.value);
    const ConversationId room = hider == kAnna ? kRoom : kOther;
    privacy_.hide_receipts(hider);
    const CursorNo before = store_.cursor_numbers(std::vector{kBert}).value().front();
    ASSERT_TRUE(mark({kAnna, room}, Seq(4), MarkKind::delivered).get());
    const CursorNo arrived = store_.cursor_numbers(std::vector{kBert}).value().front();
    EXPECT_EQ(arrived, CursorNo(before.value + 1)) << "that it has arrived is told";
    ASSERT_TRUE(mark({kAnna, room}, Seq(3)).get());
    EXPECT_EQ(stored({kAnna, room}), Seq(3));
    EXPECT_EQ(store_.cursor_numbers(std::vector{kBert}).value().front(), arrived) << "nothing has moved for the other";
    ASSERT_TRUE(mark({kAnna, room}, Seq(5)).get());
    EXPECT_EQ(store_.cursor_numbers(std::vector{kBert}).value().front(), CursorNo(arrived.value + 1));
    privacy_.hide_receipts(hider, false);
  }
  merger_->stop();
  EXPECT_EQ(topics_.to(wire::Topic::user(kAnna)).size(), 4u);
  const auto bert = topics_.to(wire::Topic::user(kBert));
  ASSERT_EQ(bert.size(), 4u);
  for (const std::string& push : bert) EXPECT_NE(push.find(R"("type":"delivered")"), std::string::npos) << push;
  EXPECT_NE(bert[1].find(R"("seq":5)"), std::string::npos) << "what is read has arrived: " << bert[1];
}

TEST_F(CursorMergerTest, TheSwitchHoldsFromTheNextMarkOn) {
  start({.window = kNone});
  peer_ = kBert;
  const auto told = [this] { return topics_.to(wire::Topic::user(kBert)).size(); };
  ASSERT_TRUE(mark({kAnna, kRoom}, Seq(9), MarkKind::delivered).get());
  privacy_.hide_receipts(kAnna);
  ASSERT_TRUE(mark({kAnna, kRoom}, Seq(1)).get());
  privacy_.hide_receipts(kAnna, false);
  ASSERT_TRUE(mark({kAnna, kRoom}, Seq(2)).get());
  merger_->stop();
  EXPECT_EQ(told(), 2u);
  EXPECT_NE(topics_.to(wire::Topic::user(kBert)).back().find(R"("seq":2)"), std::string::npos);
}

TEST_F(CursorMergerTest, SendersOfAGroupHearNothingOfWhoTellsNothing) {
  start({.window = kNone, .announce_every = std::chrono::milliseconds(20)});
  ASSERT_TRUE(store_.commit(testing::batch_of(kOther, Seq(6), Seq(6), UserId(9))));
  peer_ = std::nullopt;
  senders_ = true;
  privacy_.hide_receipts(kBert);
  ASSERT_TRUE(mark({kAnna, kOther}, Seq(6)).get());
  ASSERT_TRUE(mark({kBert, kOther}, Seq(6)).get());
  EXPECT_TRUE(topics_.await(wire::Topic::user(UserId(9)), 1)) << "what Anna has read";
  merger_->stop();
  const auto told = topics_.to(wire::Topic::user(UserId(9)));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_NE(told[0].find(R"("user_id":"7")"), std::string::npos) << told[0];
  EXPECT_EQ(topics_.to(wire::Topic::user(kBert)).size(), 1u) << "the own mark alone";
}

TEST_F(CursorMergerTest, SendersWhoHaveLeftHearNothingOfWhatIsReadAfterThem) {
  start({.window = kNone, .announce_every = std::chrono::milliseconds(20)});
  CommitBatch leaving = testing::batch_of(kOther, Seq(6), Seq(6), UserId(9));
  leaving.bounds = {{{kBert, kOther}, Bound{Seq(1), Seq(5)}}, {{UserId(9), kOther}, Bound{Seq(1), Seq(0)}}};
  ASSERT_TRUE(store_.commit(leaving));
  peer_ = std::nullopt;
  senders_ = true;
  ASSERT_TRUE(mark({kAnna, kOther}, Seq(6)).get());
  EXPECT_TRUE(topics_.await(wire::Topic::user(UserId(9)), 1));
  merger_->stop();
  EXPECT_TRUE(topics_.to(wire::Topic::user(kBert)).empty());
}

TEST_F(CursorMergerTest, WithoutKnowingWhoTellsWhatNothingIsWritten) {
  start({.window = kNone});
  privacy_.fail_all();
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(3)).get().error().code, ErrorCode::unavailable);
  EXPECT_EQ(stored({kAnna, kRoom}), Seq(0));
  EXPECT_EQ(failures_, 0) << "the message store has not failed";
  privacy_.fail_all(false);
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(3)).get().value(), Seq(3));
}

TEST_F(CursorMergerTest, AFailedWriteIsUnavailableAndReported) {
  start({.window = kNone});
  store_.plan({testing::Fault::before_write});
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(3)).get().error().code, ErrorCode::unavailable);
  EXPECT_GE(failures_, 1);
  EXPECT_TRUE(topics_.all().empty());
  ASSERT_TRUE(store_.reopen());
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(3)).get().value(), Seq(3));
}

TEST_F(CursorMergerTest, WhatMayHaveBeenWrittenIsToldThoughNobodyMarksItAgain) {
  start({.window = kNone});
  std::size_t told = 0;
  for (const auto fault : {testing::Fault::before_write, testing::Fault::after_write}) {
    const ConversationId room = fault == testing::Fault::before_write ? kOther : kRoom;
    store_.plan({fault});
    EXPECT_EQ(mark({kAnna, room}, Seq(3)).get().error().code, ErrorCode::unavailable);
    ASSERT_TRUE(store_.reopen());
    EXPECT_TRUE(topics_.await(wire::Topic::user(UserId(1000)), ++told));
    EXPECT_EQ(stored({kAnna, room}), Seq(3));
    EXPECT_EQ(mark({kAnna, room}, Seq(3)).get().value(), Seq(3));
  }
  merger_->stop();
  const auto pushes = topics_.to(wire::Topic::user(UserId(1000)));
  ASSERT_EQ(pushes.size(), 2u) << "of each once";
  for (const std::string& push : pushes) EXPECT_NE(push.find(R"("type":"read")"), std::string::npos) << push;
}

TEST_F(CursorMergerTest, WhatCannotBeWrittenEndsWithTheMerger) {
  start({.window = kNone});
  store_.plan({testing::Fault::before_write});
  EXPECT_EQ(mark({kAnna, kRoom}, Seq(3)).get().error().code, ErrorCode::unavailable);
  merger_->stop();
  EXPECT_TRUE(topics_.all().empty());
}

TEST_F(CursorMergerTest, WhatWaitsIsBounded) {
  start({.window = kEndless, .waiting = 2});
  ASSERT_TRUE(mark({kAnna, kRoom}, Seq(1)).get());
  auto first = mark({kAnna, kRoom}, Seq(2));
  auto second = mark({kAnna, kRoom}, Seq(3));
  EXPECT_EQ(mark({kBert, kRoom}, Seq(2)).get().error().code, ErrorCode::unavailable);
  merger_->stop();
  EXPECT_EQ(first.get().value(), Seq(3));
  EXPECT_EQ(second.get().value(), Seq(3));
}

}  // namespace
}  // namespace hongyan::message
