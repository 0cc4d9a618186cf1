// Changes of messages and system lines through the sequencer.
#include <gtest/gtest.h>

#include "domain/message/testing/cast.h"
#include "domain/message/testing/sequencer_harness.h"

namespace hongyan::message::sequencing {
namespace {

using conversation::Role;
using testing::code_of;
using testing::Fault;
using testing::kAnna;
using testing::kBert;
using testing::kRoom;
using testing::SequencerHarness;
using testing::text;

const wire::Topic kBertsTopic = wire::Topic::user(kBert);

class ChangesTest : public ::testing::Test {
 protected:
  // An action of `user` on the room.
  SequencerHarness::Answer act(UserId user, Action action) {
    return harness_.submit(Command{kRoom, user, std::move(action), testing::kNever});
  }
  Result<Outcome> send(UserId user, std::string id, std::string words = "words") {
    return harness_.submit(user, kRoom, std::move(id), std::move(words)).get();
  }
  Result<Outcome> line(std::string id, std::vector<UserId> join, std::vector<UserId> leave) {
    SystemLineAction action;
    action.client_msg_id = std::move(id);
    action.content.mutable_system()->set_code("member_joined");
    action.join = std::move(join);
    action.leave = std::move(leave);
    return act({}, std::move(action)).get();
  }
  StoredMessage stored(Seq seq) { return harness_.store.find(std::vector{Place{kRoom, seq}}).value().front().value(); }
  Head head() { return harness_.store.heads(std::vector{kRoom}).value().front(); }
  std::optional<Bound> bound(UserId user) {
    return harness_.store.bounds(std::vector{UserPlace{user, kRoom}}).value().front();
  }
  // The JSON of the pushes of the other person, in order.
  std::vector<std::string> pushes() {
    harness_.settle();
    return harness_.topics.to(wire::Topic::user(UserId(1000)));
  }

  SequencerHarness harness_;
};

TEST_F(ChangesTest, ARecallTakesTheContentAwayAndIsPushedWithTheWholeState) {
  ASSERT_TRUE(send(kAnna, "1", "secret"));
  ASSERT_TRUE(act(kAnna, ReactAction{Seq(1), "👍"}).get());
  const auto outcome = act(kAnna, RecallAction{Seq(1)}).get();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->changed->change, ChangeNo(2));
  EXPECT_FALSE(outcome->changed->message.has_content());
  EXPECT_EQ(outcome->changed->message.recalled().by(), kAnna.value);
  EXPECT_TRUE(stored(Seq(1)).reactions.empty());
  EXPECT_EQ(head().change, ChangeNo(2));
  const auto all = pushes();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_NE(all[2].find(R"("type":"change")"), std::string::npos) << all[2];
  EXPECT_NE(all[2].find(R"("change":2,"seq":1,"kind":"recall")"), std::string::npos) << all[2];
  EXPECT_EQ(all[2].find("secret"), std::string::npos) << all[2];
}

TEST_F(ChangesTest, ARepeatChangesNothingAndAnswersTheCurrentChange) {
  ASSERT_TRUE(send(kAnna, "1"));
  const std::vector<Action> actions{ReactAction{Seq(1), "👍"}, EditAction{Seq(1), text("better")},
                                    PinAction{Seq(1)},         ReactAction{Seq(1), "👍", false},
                                    PinAction{Seq(1), false},  RecallAction{Seq(1)}};
  std::int64_t expected = 0;
  for (const Action& action : actions) {
    ++expected;
    EXPECT_EQ(act(kAnna, action).get()->changed->change, ChangeNo(expected));
    const int commits = harness_.store.commits();
    EXPECT_EQ(act(kAnna, action).get()->changed->change, ChangeNo(expected));
    EXPECT_EQ(harness_.store.commits(), commits);
  }
  EXPECT_EQ(head().change, ChangeNo(expected));
  EXPECT_EQ(pushes().size(), actions.size() + 1);
}

TEST_F(ChangesTest, CommandsOfOneBatchSeeEachOther) {
  ASSERT_TRUE(send(kAnna, "0"));
  harness_.store.hold();
  auto blocker = act(kAnna, PinAction{Seq(1)});
  harness_.store.await_held_commit();
  auto sent = harness_.submit(kAnna, kRoom, "1", "first");
  auto edited = act(kAnna, EditAction{Seq(2), text("second")});
  SendAction answer;
  answer.client_msg_id = "2";
  answer.content = text("answer");
  answer.quote = Seq(2);
  auto quoting = act(kAnna, std::move(answer));
  auto recalled = act(kAnna, RecallAction{Seq(2)});
  auto reacted = act(kAnna, ReactAction{Seq(2), "👍"});
  auto unpinned = act(kAnna, PinAction{Seq(1), false});
  harness_.store.release();
  EXPECT_TRUE(blocker.get());
  EXPECT_EQ(sent.get()->ack.seq, Seq(2));
  EXPECT_EQ(edited.get()->changed->change, ChangeNo(2));
  EXPECT_EQ(quoting.get()->ack.seq, Seq(3));
  EXPECT_EQ(recalled.get()->changed->change, ChangeNo(3));
  EXPECT_EQ(code_of(reacted.get()), ErrorCode::message_recalled);
  EXPECT_EQ(unpinned.get()->changed->change, ChangeNo(4));
  EXPECT_EQ(harness_.store.commits(), 3);
  EXPECT_TRUE(stored(Seq(2)).recalled.has_value());
  EXPECT_EQ(stored(Seq(3)).quote->content().text().text(), "second");
  EXPECT_TRUE(harness_.store.pins(kRoom).value().empty());
  EXPECT_EQ(head(), (Head{Seq(3), ChangeNo(4), Seq(1), Ordinal(3), stored(Seq(3)).time, Seq(0), CommitNo(3)}));
}

TEST_F(ChangesTest, AreRefusedWithoutTheMessageOrTheRight) {
  ASSERT_TRUE(send(kAnna, "1"));
  EXPECT_EQ(code_of(act(kAnna, RecallAction{Seq(9)}).get()), ErrorCode::not_found);
  EXPECT_EQ(code_of(act(kBert, RecallAction{Seq(1)}).get()), ErrorCode::permission_denied);
  EXPECT_EQ(code_of(act(kBert, EditAction{Seq(1), text("x")}).get()), ErrorCode::permission_denied);
  harness_.clock.advance(std::chrono::minutes(3));
  EXPECT_EQ(code_of(act(kAnna, RecallAction{Seq(1)}).get()), ErrorCode::recall_window_passed);
  harness_.clock.advance(std::chrono::minutes(20));
  EXPECT_EQ(code_of(act(kAnna, EditAction{Seq(1), text("x")}).get()), ErrorCode::edit_window_passed);
  EXPECT_EQ(head().change, ChangeNo(0));
  EXPECT_EQ(harness_.store.commits(), 1);
}

TEST_F(ChangesTest, WhoIsMutedMayTakeBackAndReactButNotSendOrEdit) {
  ASSERT_TRUE(send(kAnna, "1"));
  harness_.guards.refuse({kAnna, kRoom}, ErrorCode::muted);
  harness_.bump(kAnna);
  EXPECT_EQ(code_of(send(kAnna, "2")), ErrorCode::muted);
  EXPECT_EQ(code_of(act(kAnna, EditAction{Seq(1), text("x")}).get()), ErrorCode::muted);
  EXPECT_TRUE(act(kAnna, ReactAction{Seq(1), "👍"}).get());
  EXPECT_TRUE(act(kAnna, RecallAction{Seq(1)}).get());
  harness_.guards.refuse({kAnna, kRoom}, ErrorCode::not_member);
  harness_.bump(kAnna);
  EXPECT_EQ(code_of(act(kAnna, RecallAction{Seq(1)}).get()), ErrorCode::not_member);
}

TEST_F(ChangesTest, ReactionsAndPinsAreBounded) {
  ASSERT_TRUE(send(kAnna, "1"));
  for (std::size_t i = 0; i < kMaxEmojis; ++i) {
    ASSERT_TRUE(act(kAnna, ReactAction{Seq(1), "e" + std::to_string(i)}).get());
  }
  EXPECT_EQ(code_of(act(kAnna, ReactAction{Seq(1), "another"}).get()), ErrorCode::quota_exceeded);
  EXPECT_TRUE(act(kBert, ReactAction{Seq(1), "e0"}).get()) << "one that is there already";
  EXPECT_TRUE(act(kAnna, ReactAction{Seq(1), "e7", false}).get());
  EXPECT_TRUE(act(kAnna, ReactAction{Seq(1), "another"}).get());

  for (std::size_t i = 0; i < kMaxPins; ++i) {
    ASSERT_TRUE(send(kAnna, "p" + std::to_string(i)));
    ASSERT_TRUE(act(kAnna, PinAction{Seq(static_cast<std::int64_t>(i) + 2)}).get());
  }
  EXPECT_EQ(code_of(act(kAnna, PinAction{Seq(1)}).get()), ErrorCode::quota_exceeded);
  EXPECT_TRUE(act(kAnna, RecallAction{Seq(2)}).get()) << "its pin goes with it";
  EXPECT_TRUE(act(kAnna, PinAction{Seq(1)}).get());
}

TEST_F(ChangesTest, TheNumberOfPeopleWhoReactIsBounded) {
  ASSERT_TRUE(send(kAnna, "1"));
  CommitBatch full;
  StoredMessage message = stored(Seq(1));
  message.reactions = {{"👍", {}}};
  for (std::size_t i = 0; i < kMaxReactors; ++i) message.reactions[0].reactors.push_back({UserId(5000 + i), {}});
  full.changed = {message};
  full.number = CommitNo(1);
  ASSERT_TRUE(harness_.store.commit(full));
  EXPECT_EQ(code_of(act(kAnna, ReactAction{Seq(1), "👍"}).get()), ErrorCode::quota_exceeded);
  EXPECT_TRUE(act(UserId(5000), ReactAction{Seq(1), "👍", false}).get());
  EXPECT_TRUE(act(kAnna, ReactAction{Seq(1), "👍"}).get());
}

TEST_F(ChangesTest, MentioningAllIsForModeratorsAndStandsOnTheHead) {
  SendAction all;
  all.client_msg_id = "1";
  all.content = text("everybody!");
  all.mentions = v1::Mentions();
  all.mentions->set_all(true);
  EXPECT_EQ(code_of(act(kAnna, all).get()), ErrorCode::permission_denied);
  harness_.guards.set_role({kAnna, kRoom}, Role::admin);
  harness_.bump(kAnna);
  EXPECT_TRUE(act(kAnna, all).get()) << "a refused id is free";
  EXPECT_EQ(head().mention_all, Seq(1));
}

TEST_F(ChangesTest, ASystemLineNeedsNoPermissionAndDoesNotCount) {
  ASSERT_TRUE(send(kAnna, "1"));
  const auto outcome = line("sys-1", {kBert}, {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ack.seq, Seq(2));
  EXPECT_EQ(stored(Seq(2)).sender, UserId());
  EXPECT_EQ(stored(Seq(2)).ordinal, Ordinal(1));
  EXPECT_EQ(line("sys-1", {kBert}, {})->ack, outcome->ack) << "a repeat is the same line";
  EXPECT_EQ(send(kAnna, "2")->ack.seq, Seq(3));
  EXPECT_EQ(stored(Seq(3)).ordinal, Ordinal(2));
  EXPECT_EQ(harness_.guards.loads(), 1);
}

TEST_F(ChangesTest, LinesWriteBoundsAndReachTheGroupAndThoseTheyName) {
  ASSERT_TRUE(line("sys-1", {kAnna, kBert}, {}));
  EXPECT_EQ(bound(kBert), (Bound{Seq(1), Seq(0)}));
  ASSERT_TRUE(line("sys-2", {}, {kBert, UserId(99)}));
  EXPECT_EQ(bound(kBert), (Bound{Seq(1), Seq(2)}));
  EXPECT_EQ(bound(UserId(99)), std::nullopt) << "who never was in cannot leave";
  ASSERT_TRUE(line("sys-3", {}, {kBert}));
  EXPECT_EQ(bound(kBert), (Bound{Seq(1), Seq(2)})) << "leaving twice shows no more";
  ASSERT_TRUE(line("sys-4", {kBert}, {}));
  EXPECT_EQ(bound(kBert), (Bound{Seq(4), Seq(0)}));
  EXPECT_EQ(bound(kAnna), (Bound{Seq(1), Seq(0)}));
  harness_.settle();
  const auto own = harness_.topics.to(kBertsTopic);
  ASSERT_EQ(own.size(), 4u);
  EXPECT_NE(own[0].find(R"("join":["7","8"])"), std::string::npos) << own[0];
  EXPECT_NE(own[1].find(R"("leave":["8","99"])"), std::string::npos) << own[1];
  EXPECT_EQ(harness_.topics.to(wire::Topic::group(kRoom)).size(), 4u);
  const auto all = harness_.topics.all();
  EXPECT_EQ(all[0].topic, wire::Topic::group(kRoom));
  EXPECT_EQ(all[0].push, all[2].push) << "encoded once";
}

TEST_F(ChangesTest, ALineDoesNotWaitForPermissionsOfOthers) {
  harness_.guards.hold();
  auto parked = harness_.submit(kAnna, kRoom, "1");
  harness_.guards.await_loads(1);
  EXPECT_EQ(line("sys-1", {kBert}, {})->ack.seq, Seq(1));
  EXPECT_FALSE(SequencerHarness::answered(parked));
  harness_.guards.release();
  EXPECT_EQ(parked.get()->ack.seq, Seq(2));
}

TEST_F(ChangesTest, WhatProvesToBeCommittedIsPublishedAfterAFailure) {
  for (const Fault fault : {Fault::before_write, Fault::after_write}) {
    const bool written = fault == Fault::after_write;
    const std::string id = written ? "written" : "lost";
    ASSERT_TRUE(send(kAnna, id));
    const Seq seq = head().seq;
    const ChangeNo before = head().change;
    const std::size_t pushed = pushes().size();
    harness_.store.plan({fault});
    EXPECT_EQ(code_of(act(kAnna, ReactAction{seq, "👍"}).get()), ErrorCode::unavailable);
    harness_.await_ready();
    const auto late = pushes();
    EXPECT_EQ(late.size(), pushed + (written ? 1 : 0));
    if (written) {
      EXPECT_NE(late.back().find(R"("kind":"reaction")"), std::string::npos) << late.back();
    }
    EXPECT_EQ(act(kAnna, ReactAction{seq, "👍"}).get()->changed->change, ChangeNo(before.value + 1));
    EXPECT_EQ(pushes().size(), pushed + 1) << "once in all";
  }
}

TEST_F(ChangesTest, CommitNumbersGoOnAfterAFailure) {
  ASSERT_TRUE(send(kAnna, "1"));
  EXPECT_EQ(head().commit, CommitNo(1));
  harness_.store.plan({Fault::before_write});
  EXPECT_FALSE(send(kAnna, "2"));
  harness_.await_ready();
  ASSERT_TRUE(send(kAnna, "3"));
  EXPECT_EQ(head().commit, CommitNo(2));
  EXPECT_EQ(harness_.store.last_commit().value(), CommitNo(2));
}

}  // namespace
}  // namespace hongyan::message::sequencing
