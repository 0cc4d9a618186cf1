#include "domain/message/sequencing/sequencer.h"

#include <gtest/gtest.h>

#include <barrier>
#include <thread>

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

const auto kPast = async::Deadline::min();

ErrorCode code_after(SequencerHarness::Answer answer) {
  const auto result = answer.get();
  return result ? ErrorCode{} : result.error().code;
}

TEST(Sequencer, GivesDenseSeqsInTheOrderOfSubmission) {
  SequencerHarness harness;
  // With the permission held, so that the rest need not park.
  MessageId last = harness.submit(kAnna, kRoom, "first").get()->ack.message;
  std::vector<SequencerHarness::Answer> answers;
  for (int i = 0; i < 3000; ++i) answers.push_back(harness.submit(kAnna, kRoom, "m" + std::to_string(i)));
  for (int i = 0; i < 3000; ++i) {
    const auto outcome = answers[i].get();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->ack.seq, Seq(i + 2));
    EXPECT_GT(outcome->ack.message, last);
    last = outcome->ack.message;
  }
  // No batch is larger than 1,000 commands.
  EXPECT_GE(harness.store.commits(), 3);
}

TEST(Sequencer, CountsEachConversationAndEachSenderByItself) {
  SequencerHarness harness;
  EXPECT_EQ(harness.submit(kAnna, kRoom, "1").get()->ack.seq, Seq(1));
  EXPECT_EQ(harness.submit(kBert, kRoom, "1").get()->ack.seq, Seq(2));
  EXPECT_EQ(harness.submit(kAnna, kOther, "2").get()->ack.seq, Seq(1));
  EXPECT_EQ(harness.submit(kAnna, kRoom, "3").get()->ack.seq, Seq(3));
  const auto message = harness.store.find(std::vector{Place{kRoom, Seq(3)}}).value().front();
  EXPECT_EQ(message->ordinal, Ordinal(3));
  EXPECT_EQ(message->own_ordinal, Ordinal(2));
}

TEST(Sequencer, TimeNeverFallsInAConversation) {
  SequencerHarness harness;
  const TimeMs first = harness.submit(kAnna, kRoom, "1").get()->ack.time;
  EXPECT_EQ(first, harness.clock.now());
  harness.clock.advance(std::chrono::milliseconds(-60'000));
  EXPECT_EQ(harness.submit(kAnna, kRoom, "2").get()->ack.time, first);
}

TEST(Sequencer, GoesOnFromTheStoreWhenItsCachesAreTooSmall) {
  auto options = SequencerHarness::quick();
  options.heads = 1;
  options.guards = 1;
  options.queue = 1;
  SequencerHarness harness(options);
  for (std::int64_t round = 1; round <= 5; ++round) {
    for (const ConversationId conversation : {kRoom, kOther, ConversationId(102)}) {
      const std::string id = std::to_string(conversation.value) + "-" + std::to_string(round);
      EXPECT_EQ(harness.submit(kAnna, conversation, id).get()->ack.seq, Seq(round));
    }
  }
}

TEST(Sequencer, PublishesToAllRecipientsAfterTheCommit) {
  SequencerHarness harness;
  harness.store.hold();
  auto answer = harness.submit(kAnna, kRoom, "1", "hello");
  harness.store.await_held_commit();
  EXPECT_FALSE(SequencerHarness::answered(answer));
  EXPECT_TRUE(harness.topics.all().empty());
  harness.store.release();
  const auto outcome = answer.get();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->recipients, (conversation::Recipients{kAnna, UserId(1000)}));
  harness.settle();
  const auto all = harness.topics.all();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].topic, wire::Topic::user(kAnna));
  EXPECT_EQ(all[1].topic, wire::Topic::user(UserId(1000)));
  EXPECT_EQ(all[0].push, all[1].push) << "encoded once";
  EXPECT_EQ(all[0].push->conversation(), kRoom);
  const std::string json = harness.topics.to(all[0].topic).front();
  EXPECT_NE(json.find(R"("type":"message")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("client_msg_id":"1")"), std::string::npos) << json;
}

TEST(Sequencer, ABatchGathersWhileACommitRuns) {
  SequencerHarness harness;
  harness.store.hold();
  auto first = harness.submit(kAnna, kRoom, "0");
  harness.store.await_held_commit();
  std::vector<SequencerHarness::Answer> rest;
  for (int i = 1; i <= 50; ++i) rest.push_back(harness.submit(kAnna, kRoom, std::to_string(i)));
  harness.store.release();
  EXPECT_TRUE(first.get());
  for (auto& answer : rest) EXPECT_TRUE(answer.get());
  EXPECT_EQ(harness.store.commits(), 2);
  harness.settle();
  EXPECT_EQ(harness.topics.batches(), 2);
}

TEST(Sequencer, ABatchEndsAtItsBytes) {
  auto options = SequencerHarness::quick();
  options.batch_bytes = 1000;
  SequencerHarness harness(options);
  harness.guards.hold();
  std::vector<SequencerHarness::Answer> answers;
  for (int i = 0; i < 8; ++i) answers.push_back(harness.submit(kAnna, kRoom, std::to_string(i), std::string(600, 'x')));
  harness.settle();
  harness.guards.answer_next();
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_EQ(harness.store.commits(), 4);
}

TEST(Sequencer, TheSameIdFromTwoThreadsAtOnceIsOneMessage) {
  SequencerHarness harness;
  for (int round = 0; round < 200; ++round) {
    std::barrier start(2);
    SequencerHarness::Answer answers[2];
    const auto send = [&](int which) {
      start.arrive_and_wait();
      answers[which] = harness.submit(kAnna, kRoom, "m" + std::to_string(round));
    };
    std::thread one(send, 0);
    std::thread other(send, 1);
    one.join();
    other.join();
    const auto first = answers[0].get();
    const auto second = answers[1].get();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->ack, second->ack);
    EXPECT_EQ(first->ack.seq, Seq(round + 1));
  }
  harness.settle();
  EXPECT_EQ(harness.topics.to(wire::Topic::user(kAnna)).size(), 200u);
}

TEST(Sequencer, ARepeatInTheSameBatchSharesTheOutcomeAndOtherContentIsAConflict) {
  SequencerHarness harness;
  harness.guards.hold();
  auto first = harness.submit(kAnna, kRoom, "1", "hello");
  auto repeat = harness.submit(kAnna, kRoom, "1", "hello");
  auto other_words = harness.submit(kAnna, kRoom, "1", "bye");
  harness.settle();
  harness.guards.answer_next();
  const auto outcome = first.get();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(repeat.get()->ack, outcome->ack);
  EXPECT_EQ(code_after(std::move(other_words)), ErrorCode::conflict);
}

TEST(Sequencer, AnIdIsUniquePerSenderOverAllConversations) {
  SequencerHarness harness;
  const auto outcome = harness.submit(kAnna, kRoom, "1", "hello").get();
  EXPECT_EQ(harness.submit(kAnna, kRoom, "1", "hello").get()->ack, outcome->ack);
  EXPECT_EQ(code_after(harness.submit(kAnna, kRoom, "1", "bye")), ErrorCode::conflict);
  EXPECT_EQ(code_after(harness.submit(kAnna, kOther, "1", "hello")), ErrorCode::conflict);
  EXPECT_EQ(harness.submit(kBert, kRoom, "1", "bye").get()->ack.seq, Seq(2));
}

TEST(Sequencer, ARepeatAfterTheRightWasLostGivesTheFirstAnswer) {
  SequencerHarness harness;
  const auto outcome = harness.submit(kAnna, kRoom, "1").get();
  harness.guards.refuse({kAnna, kRoom}, ErrorCode::account_disabled);
  harness.bump(kAnna);
  EXPECT_EQ(code_after(harness.submit(kAnna, kRoom, "2")), ErrorCode::account_disabled);
  EXPECT_EQ(harness.submit(kAnna, kRoom, "1").get()->ack, outcome->ack);
  // What was refused was not kept: with the right it goes through.
  harness.guards.refuse({kAnna, kRoom}, std::nullopt);
  harness.bump(kAnna);
  EXPECT_EQ(harness.submit(kAnna, kRoom, "2").get()->ack.seq, Seq(2));
}

TEST(Sequencer, ARepeatDoesNotWaitForPermissionsBeingLoaded) {
  SequencerHarness harness;
  const auto outcome = harness.submit(kAnna, kRoom, "1").get();
  harness.bump(kAnna);
  harness.guards.hold();
  auto parked = harness.submit(kAnna, kRoom, "2");
  EXPECT_EQ(harness.submit(kAnna, kRoom, "1").get()->ack, outcome->ack);
  EXPECT_FALSE(SequencerHarness::answered(parked));
}

TEST(Sequencer, KeepsPermissionsUntilSomebodyTheyDependOnIsBumped) {
  SequencerHarness harness;
  ASSERT_TRUE(harness.submit(kAnna, kRoom, "1").get());
  ASSERT_TRUE(harness.submit(kAnna, kRoom, "2").get());
  EXPECT_EQ(harness.guards.loads(), 1);
  harness.bump(kBert);
  ASSERT_TRUE(harness.submit(kAnna, kRoom, "3").get());
  EXPECT_EQ(harness.guards.loads(), 1);
  harness.bump(UserId(1000));
  ASSERT_TRUE(harness.submit(kAnna, kRoom, "4").get());
  EXPECT_EQ(harness.guards.loads(), 2);
  std::promise<void> dropped;
  harness.sequencer->drop_conversation(kRoom, [&dropped] { dropped.set_value(); });
  dropped.get_future().wait();
  ASSERT_TRUE(harness.submit(kAnna, kRoom, "5").get());
  EXPECT_EQ(harness.guards.loads(), 3);
}

TEST(Sequencer, ALoadDuringWhichABumpArrivedIsRepeated) {
  for (const UserId bumped : {kAnna, UserId(1000)}) {
    SequencerHarness harness;
    harness.guards.hold();
    auto answer = harness.submit(kAnna, kRoom, "1");
    harness.guards.await_loads(1);
    harness.guards.refuse({kAnna, kRoom}, ErrorCode::blocked);
    harness.bump(bumped);
    // What this load saw was true before the bump only.
    harness.guards.answer_next();
    harness.guards.answer_next();
    EXPECT_EQ(code_after(std::move(answer)), ErrorCode::blocked);
    EXPECT_EQ(harness.guards.loads(), 2);
  }
}

TEST(Sequencer, ParkedCommandsKeepTheirOrderAlsoAcrossSenders) {
  SequencerHarness harness;
  ASSERT_TRUE(harness.submit(kBert, kRoom, "0").get());
  harness.guards.hold();
  auto parked = harness.submit(kAnna, kRoom, "1");
  auto behind = harness.submit(kBert, kRoom, "2");
  auto elsewhere = harness.submit(kBert, kOther, "3");
  harness.guards.await_loads(3);
  harness.guards.answer_next();
  EXPECT_EQ(parked.get()->ack.seq, Seq(2));
  EXPECT_EQ(behind.get()->ack.seq, Seq(3));
  EXPECT_FALSE(SequencerHarness::answered(elsewhere));
  harness.guards.answer_next();
  EXPECT_EQ(elsewhere.get()->ack.seq, Seq(1));
}

TEST(Sequencer, ParkingIsBounded) {
  auto options = SequencerHarness::quick();
  options.parked = 3;
  SequencerHarness harness(options);
  harness.guards.hold();
  std::vector<SequencerHarness::Answer> answers;
  for (int i = 0; i < 4; ++i) answers.push_back(harness.submit(kAnna, kRoom, std::to_string(i)));
  const auto refused = answers[3].get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(refused.error().retry_after_ms.has_value());
  harness.guards.answer_next();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(answers[i].get()->ack.seq, Seq(i + 1));
}

TEST(Sequencer, AFailedLoadAnswersThoseWhoNeededItAndNobodyElse) {
  SequencerHarness harness;
  ASSERT_TRUE(harness.submit(kBert, kRoom, "0").get());
  harness.guards.hold();
  harness.guards.fail_loads(ErrorCode::unavailable);
  auto failed = harness.submit(kAnna, kRoom, "1");
  auto behind = harness.submit(kBert, kRoom, "2");
  harness.settle();
  harness.guards.answer_next();
  EXPECT_EQ(code_after(std::move(failed)), ErrorCode::unavailable);
  EXPECT_EQ(behind.get()->ack.seq, Seq(2));
}

TEST(Sequencer, TheQueueIsBounded) {
  auto options = SequencerHarness::quick();
  options.queue = 2;
  SequencerHarness harness(options);
  harness.store.hold();
  auto first = harness.submit(kAnna, kRoom, "1");
  auto second = harness.submit(kAnna, kRoom, "2");
  const auto refused = harness.submit(kAnna, kRoom, "3").get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(refused.error().retry_after_ms.has_value());
  harness.store.release();
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
  EXPECT_TRUE(harness.submit(kAnna, kRoom, "3").get());
}

TEST(Sequencer, ACommandBeyondItsDeadlineIsNotSequenced) {
  SequencerHarness harness;
  EXPECT_EQ(code_after(harness.submit(kAnna, kRoom, "1", "words", kPast)), ErrorCode::timeout);
  EXPECT_EQ(harness.store.commits(), 0);
  EXPECT_EQ(harness.submit(kAnna, kRoom, "1").get()->ack.seq, Seq(1));
}

TEST(Sequencer, StopFinishesWhatItHasAndRefusesMore) {
  SequencerHarness harness;
  harness.store.hold();
  auto in_flight = harness.submit(kAnna, kRoom, "1");
  harness.store.await_held_commit();
  auto waiting = harness.submit(kAnna, kRoom, "2");
  std::thread stopper([&] { harness.sequencer->stop(); });
  harness.store.release();
  stopper.join();
  EXPECT_TRUE(in_flight.get());
  EXPECT_TRUE(waiting.get());
  EXPECT_EQ(code_after(harness.submit(kAnna, kRoom, "3")), ErrorCode::unavailable);
  // Bumps are still acknowledged: whoever waits for one must not wait for ever.
  harness.bump(kAnna);
}

}  // namespace
}  // namespace hongyan::message::sequencing
