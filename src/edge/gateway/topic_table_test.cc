#include "edge/gateway/topic_table.h"

#include <gtest/gtest.h>

#include "hongyan/v1/frame.pb.h"

namespace hongyan::gateway {
namespace {

constexpr UserId kAlice{1};
constexpr UserId kBob{2};
constexpr ConversationId kGroup{10};

struct Noting : Subscriber {
  void push(const wire::SharedPush& push) override { got.push_back(push); }
  // Seqs of the pushes since the last call; -1 for one of no seq.
  std::vector<std::int64_t> seqs() {
    std::vector<std::int64_t> all;
    for (const auto& push : std::exchange(got, {})) all.push_back(push->place().seq ? push->place().seq.value : -1);
    return all;
  }
  std::vector<wire::SharedPush> got;
};
using Seqs = std::vector<std::int64_t>;

wire::SharedPush message(std::int64_t seq, std::vector<UserId> join = {}, std::vector<UserId> leave = {}) {
  return wire::make_push("message", v1::MessagePush(), kGroup,
                         {.seq = Seq(seq), .stub = {}, .join = std::move(join), .leave = std::move(leave)});
}

class TopicTableTest : public testing::Test {
 protected:
  // A socket of a user that has connected, in the group from `joined` on unless that is 0.
  void come(Noting& socket, UserId user, std::int64_t joined = 0) {
    table.connect(user, socket);
    if (joined > 0) table.join(kGroup, socket, Seq(joined));
    table.connected(socket);
  }
  // To the group's topic and to those of all it names, as the sequencer publishes it.
  void publish(const wire::SharedPush& push) {
    table.deliver({wire::Topic::group(kGroup), push});
    for (const UserId user : push->place().join) table.deliver({wire::Topic::user(user), push});
    for (const UserId user : push->place().leave) table.deliver({wire::Topic::user(user), push});
  }
  Interests interests;
  TopicTable table{interests, 0};
  Noting alice;
  Noting alices_phone;
  Noting bob;
};

TEST_F(TopicTableTest, WhatIsForOneSocketReachesNoOther) {
  come(alice, kAlice);
  come(alices_phone, kAlice);
  table.listen(SessionId(7), alice);
  table.listen(SessionId(7), alice);
  table.listen(SessionId(8), alices_phone);
  table.deliver({wire::Topic::presence(SessionId(7)), wire::make_push("presence", v1::PresencePush())});
  EXPECT_EQ(alice.seqs(), Seqs{-1});
  EXPECT_TRUE(alices_phone.seqs().empty());
  table.remove(alice);
  table.deliver({wire::Topic::presence(SessionId(7)), wire::make_push("presence", v1::PresencePush())});
  EXPECT_TRUE(alice.seqs().empty());
}

TEST_F(TopicTableTest, DeliversToSubscribersOfTheTopicOnly) {
  come(alice, kAlice);
  come(alice, kAlice);
  come(bob, kBob);
  const auto push = wire::make_push("pong", v1::PongFrame());
  table.deliver({wire::Topic::user(kAlice), push});
  table.deliver({wire::Topic::user(UserId(3)), push});
  EXPECT_EQ(alice.seqs(), Seqs{-1});
  EXPECT_TRUE(bob.seqs().empty());
  table.remove(alice);
  table.remove(alice);
  table.deliver({wire::Topic::user(kAlice), push});
  EXPECT_TRUE(alice.seqs().empty());
}

TEST_F(TopicTableTest, AJoinComesBeforeItsPushAndALeaveAfterIt) {
  come(alice, kAlice, 1);
  come(bob, kBob);
  publish(message(5));
  EXPECT_TRUE(bob.seqs().empty());
  publish(message(6, {kBob}));
  publish(message(7));
  // Once by the group and once by the user: the session drops the second, which is the same push.
  EXPECT_EQ(bob.seqs(), (Seqs{6, 6, 7}));
  publish(message(8, {}, {kBob}));
  publish(message(9));
  EXPECT_EQ(bob.seqs(), (Seqs{8, 8}));
  EXPECT_EQ(alice.seqs(), (Seqs{5, 6, 7, 8, 9}));
  publish(message(10, {kBob}));
  publish(message(11));
  EXPECT_EQ(bob.seqs(), (Seqs{10, 10, 11})) << "joined again";
}

TEST_F(TopicTableTest, EverySocketOfAUserJoinsAndLeaves) {
  come(alice, kAlice);
  come(alices_phone, kAlice);
  publish(message(6, {kAlice}));
  publish(message(7));
  EXPECT_EQ(alices_phone.seqs(), alice.seqs());
  publish(message(8, {}, {kAlice}));
  publish(message(9));
  EXPECT_EQ(alice.seqs(), (Seqs{8, 8}));
  EXPECT_EQ(alices_phone.seqs(), (Seqs{8, 8}));
}

TEST_F(TopicTableTest, AUsersOwnTopicIsEnoughToJoin) {
  come(bob, kBob);
  come(alice, kAlice);
  table.deliver({wire::Topic::user(kBob), message(6, {kAlice, kBob})});
  table.deliver({wire::Topic::group(kGroup), message(7)});
  EXPECT_EQ(bob.seqs(), (Seqs{6, 7}));
  EXPECT_TRUE(alice.seqs().empty()) << "the topic of another user moves only that user";
}

TEST_F(TopicTableTest, MessagesBelowJoinedAreNotDelivered) {
  come(alice, kAlice, 1);
  come(bob, kBob, 6);
  publish(message(5));
  publish(message(6));
  EXPECT_EQ(bob.seqs(), Seqs{6});
  EXPECT_EQ(alice.seqs(), (Seqs{5, 6}));
}

TEST_F(TopicTableTest, AChangeOfAnEarlierMessageIsReplacedByTheStub) {
  come(alice, kAlice, 1);
  come(bob, kBob, 6);
  const auto stub = wire::make_push("change", v1::MessagePush(), kGroup);
  const auto change = wire::make_push("change", v1::MessagePush(), kGroup, {.seq = Seq(3), .stub = stub});
  publish(change);
  ASSERT_EQ(alice.got.size(), 1u);
  EXPECT_EQ(alice.got[0], change);
  ASSERT_EQ(bob.got.size(), 1u);
  EXPECT_EQ(bob.got[0], stub);
}

TEST_F(TopicTableTest, ALeaveAtOrBelowJoinedIsIgnored) {
  come(bob, kBob, 8);
  publish(message(7, {}, {kBob}));
  publish(message(8, {}, {kBob}));
  publish(message(9));
  EXPECT_EQ(bob.seqs(), (Seqs{7, 8, 8, 9}));
}

TEST_F(TopicTableTest, AJoinWhileConnectingIsNotUndoneByAnOlderBound) {
  table.connect(kBob, bob);
  publish(message(9, {kBob}));
  table.join(kGroup, bob, Seq(3));
  table.connected(bob);
  bob.got.clear();
  publish(message(8));
  publish(message(10));
  EXPECT_EQ(bob.seqs(), Seqs{10});
}

TEST_F(TopicTableTest, ALeaveWhileConnectingIsNotUndoneByAnOlderBound) {
  table.connect(kBob, bob);
  publish(message(9, {}, {kBob}));
  table.join(kGroup, bob, Seq(3));
  bob.got.clear();
  publish(message(10));
  table.connected(bob);
  publish(message(11));
  EXPECT_TRUE(bob.seqs().empty());
  publish(message(12, {kBob}));
  publish(message(13));
  EXPECT_EQ(bob.seqs(), (Seqs{12, 12, 13}));
}

TEST_F(TopicTableTest, ALeaveAndAReturnWhileConnectingCount) {
  table.connect(kBob, bob);
  publish(message(9, {}, {kBob}));
  publish(message(10, {kBob}));
  table.join(kGroup, bob, Seq(3));
  table.connected(bob);
  bob.got.clear();
  publish(message(11));
  EXPECT_EQ(bob.seqs(), Seqs{11});
}

TEST_F(TopicTableTest, KeepsNothingOfThoseWhoWent) {
  come(alice, kAlice, 1);
  table.connect(kBob, bob);
  publish(message(9, {}, {kBob}));
  EXPECT_EQ(table.size(), 3u);
  table.connected(bob);
  publish(message(10, {}, {kAlice}));
  EXPECT_EQ(table.size(), 2u) << "nobody is left in the group";
  table.remove(alice);
  table.remove(bob);
  EXPECT_EQ(table.size(), 0u);
}

}  // namespace
}  // namespace hongyan::gateway
