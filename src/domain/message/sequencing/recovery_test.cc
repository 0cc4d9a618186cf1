// The rule of the unknown outcome: a commit that failed may have happened.
#include <gtest/gtest.h>

#include "domain/message/testing/cast.h"
#include "domain/message/testing/sequencer_harness.h"

namespace hongyan::message::sequencing {
namespace {

using testing::Fault;
using testing::kAnna;
using testing::kBert;
using testing::kOther;
using testing::kRoom;
using testing::SequencerHarness;

void expect_unavailable(SequencerHarness::Answer& answer) {
  const auto result = answer.get();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::unavailable);
  EXPECT_EQ(result.error().retry_after_ms, 1000);
}

TEST(Recovery, WhatWasNotWrittenIsNotThereAndMayBeSentAgain) {
  SequencerHarness harness;
  ASSERT_TRUE(harness.submit(kAnna, kRoom, "0").get());
  harness.store.plan({Fault::before_write});
  auto failed = harness.submit(kAnna, kRoom, "1");
  expect_unavailable(failed);
  harness.await_ready();
  harness.settle();
  EXPECT_EQ(harness.topics.to(wire::Topic::user(kAnna)).size(), 1u);
  EXPECT_EQ(harness.submit(kBert, kRoom, "x").get()->ack.seq, Seq(2)) << "the number was not used up";
  EXPECT_EQ(harness.submit(kAnna, kRoom, "1").get()->ack.seq, Seq(3));
}

TEST(Recovery, WhatWasWrittenAllTheSameIsPublishedLateAndARepeatGetsItsAnswer) {
  SequencerHarness harness;
  ASSERT_TRUE(harness.submit(kAnna, kRoom, "0").get());
  harness.store.plan({Fault::after_write});
  auto failed = harness.submit(kAnna, kRoom, "1", "late");
  expect_unavailable(failed);
  harness.await_ready();
  harness.settle();
  const auto pushes = harness.topics.to(wire::Topic::user(UserId(1000)));
  ASSERT_EQ(pushes.size(), 2u);
  EXPECT_NE(pushes[1].find(R"("seq":2)"), std::string::npos) << pushes[1];
  EXPECT_NE(pushes[1].find("late"), std::string::npos) << pushes[1];
  EXPECT_EQ(harness.submit(kAnna, kRoom, "1", "late").get()->ack.seq, Seq(2));
  EXPECT_EQ(harness.submit(kAnna, kRoom, "2").get()->ack.seq, Seq(3));
  harness.settle();
  EXPECT_EQ(harness.topics.to(wire::Topic::user(UserId(1000))).size(), 3u) << "nothing was published twice";
}

TEST(Recovery, EverythingThatWaitsIsAnsweredUnavailable) {
  SequencerHarness harness;
  ASSERT_TRUE(harness.submit(kAnna, kRoom, "0").get());
  harness.store.hold();
  harness.store.plan({Fault::after_write});
  harness.guards.hold();
  std::vector<SequencerHarness::Answer> answers;
  answers.push_back(harness.submit(kBert, kOther, "parked"));
  harness.guards.await_loads(2);
  answers.push_back(harness.submit(kAnna, kRoom, "in flight"));
  harness.store.await_held_commit();
  // Not looked at yet: the store may be back before they are.
  auto repeat = harness.submit(kAnna, kRoom, "in flight");
  auto queued = harness.submit(kAnna, kRoom, "queued");
  harness.store.release();
  for (auto& answer : answers) expect_unavailable(answer);
  for (auto* answer : {&repeat, &queued}) {
    const auto result = answer->get();
    EXPECT_TRUE(result || result.error().code == ErrorCode::unavailable);
  }
  harness.await_ready();
  harness.guards.release();
  EXPECT_EQ(harness.submit(kAnna, kRoom, "in flight").get()->ack.seq, Seq(2));
  EXPECT_EQ(harness.submit(kAnna, kRoom, "queued").get()->ack.seq, Seq(3));
  EXPECT_EQ(harness.submit(kBert, kOther, "parked").get()->ack.seq, Seq(1));
}

TEST(Recovery, NotReadyAndRefusingUntilTheStoreIsOpenAgain) {
  auto options = SequencerHarness::quick();
  // Long enough that the second attempt never comes in this test.
  options.recovery.first_pause = options.recovery.longest_pause = std::chrono::hours(1);
  SequencerHarness harness(options);
  ASSERT_TRUE(harness.submit(kAnna, kRoom, "0").get());
  harness.store.plan({Fault::before_write});
  harness.store.fail_reopen(1, ErrorCode::unavailable);
  auto failed = harness.submit(kAnna, kRoom, "1");
  expect_unavailable(failed);
  EXPECT_FALSE(harness.sequencer->ready());
  auto refused = harness.submit(kAnna, kRoom, "2");
  expect_unavailable(refused);
  // A stop in the middle of it ends at once.
  harness.sequencer->stop();
}

TEST(Recovery, AFailureThatMayPassIsTriedForAsLongAsItLasts) {
  auto options = SequencerHarness::quick();
  options.recovery.max_failures = 3;
  SequencerHarness harness(options);
  harness.store.plan({Fault::before_write});
  harness.store.fail_reopen(20, ErrorCode::unavailable);
  auto failed = harness.submit(kAnna, kRoom, "1");
  expect_unavailable(failed);
  harness.await_ready();
  EXPECT_EQ(harness.store.reopens(), 21);
  EXPECT_EQ(harness.submit(kAnna, kRoom, "1").get()->ack.seq, Seq(1));
}

TEST(Recovery, AStoreThatKeepsFailingIsGivenUp) {
  auto options = SequencerHarness::quick();
  options.recovery.max_failures = 3;
  SequencerHarness harness(options);
  harness.store.plan({Fault::before_write});
  harness.store.fail_reopen(100, ErrorCode::internal);
  auto failed = harness.submit(kAnna, kRoom, "1");
  expect_unavailable(failed);
  EXPECT_FALSE(harness.gave_up.get_future().get().empty());
  // The failed commit is the first failure.
  EXPECT_EQ(harness.store.reopens(), 2);
  EXPECT_FALSE(harness.sequencer->ready());
  auto refused = harness.submit(kAnna, kRoom, "2");
  expect_unavailable(refused);
}

TEST(Recovery, CommitsThatFailInARowAfterEachReopeningAreGivenUpToo) {
  auto options = SequencerHarness::quick();
  options.recovery.max_failures = 3;
  SequencerHarness harness(options);
  harness.store.plan({Fault::before_write, Fault::before_write, Fault::none, Fault::before_write, Fault::before_write,
                      Fault::before_write});
  std::vector<ErrorCode> codes;
  for (int i = 0; i < 5; ++i) {
    harness.await_ready();
    const auto result = harness.submit(kAnna, kRoom, "1" + std::to_string(i)).get();
    codes.push_back(result ? ErrorCode{} : result.error().code);
  }
  using enum ErrorCode;
  EXPECT_EQ(codes, (std::vector<ErrorCode>{unavailable, unavailable, ErrorCode{}, unavailable, unavailable}));
  harness.await_ready();
  auto last = harness.submit(kAnna, kRoom, "last");
  expect_unavailable(last);
  EXPECT_FALSE(harness.gave_up.get_future().get().empty());
}

TEST(Recovery, AFailureSeenBySomebodyElseReopensTheStore) {
  SequencerHarness harness;
  ASSERT_TRUE(harness.submit(kAnna, kRoom, "0").get());
  harness.sequencer->recover(Error(ErrorCode::internal, "seen elsewhere"));
  harness.settle();
  harness.await_ready();
  EXPECT_EQ(harness.store.reopens(), 1);
  EXPECT_EQ(harness.submit(kAnna, kRoom, "1").get()->ack.seq, Seq(2));
}

TEST(Recovery, AFailureSeenElsewhereDuringACommitLetsItEndFirst) {
  SequencerHarness harness;
  harness.store.hold();
  auto in_flight = harness.submit(kAnna, kRoom, "0");
  harness.store.await_held_commit();
  harness.sequencer->recover(Error(ErrorCode::internal, "seen elsewhere"));
  harness.store.release();
  EXPECT_TRUE(in_flight.get());
  harness.settle();
  harness.await_ready();
  EXPECT_EQ(harness.store.reopens(), 1);
}

}  // namespace
}  // namespace hongyan::message::sequencing
