#include "app/chat/follow/follower.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <future>
#include <random>

#include "app/chat/follow/printer.h"
#include "app/chat/testing/captured.h"
#include "app/chat/testing/fake_transport.h"

namespace hongyan::chat {
namespace {

using testing::Captured;
using testing::FakeTransport;
using Lines = std::vector<std::string>;

constexpr std::uint64_t kBob = 7;

class FollowerTest : public ::testing::Test {
 protected:
  void begin() { EXPECT_TRUE(finish(follower_.begin())); }
  // Follows until the script of the transport ends.
  void run() {
    const auto result = finish(follower_.run());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::token_revoked);
  }
  void commit_and_push() { server_.push(server_.commit(kBob)); }

  // What was shown, as "conversation/seq".
  Lines shown() const {
    Lines found;
    for (const std::string& line : captured_.lines()) {
      v1::Message message;
      const auto frame = parse_server_frame(line);
      EXPECT_TRUE(frame && wire::from_json(frame->data, message)) << line;
      found.push_back(std::to_string(message.conversation_id()) + "/" + std::to_string(message.seq()));
    }
    return found;
  }

  static Result<void> finish(async::Task<Result<void>> task) {
    boost::asio::io_context context;
    auto result = async::start(context.get_executor(), std::move(task));
    context.run();
    return result.get();
  }

  FakeTransport server_;
  Captured captured_{true};
  NameBook names_{server_, v1::Me()};
  Printer printer_{names_, captured_.output};
  Follower follower_{server_, printer_, {.hole_patience{0}, .try_again{0}}};
};

TEST_F(FollowerTest, ShowsWhatComesAfterItsBeginning) {
  server_.commit(kBob);
  server_.commit(kBob);
  begin();
  commit_and_push();
  commit_and_push();
  run();
  EXPECT_EQ(shown(), (Lines{"7/3", "7/4"}));
  EXPECT_EQ(server_.requests(), Lines{"conversation.list"});
}

TEST_F(FollowerTest, APushThatComesTwiceIsShownOnce) {
  begin();
  const v1::Message message = server_.commit(kBob);
  for (int i = 0; i < 3; ++i) server_.push(message);
  run();
  EXPECT_EQ(shown(), Lines{"7/1"});
}

TEST_F(FollowerTest, PullsExactlyTheHole) {
  begin();
  commit_and_push();
  server_.commit(kBob);
  server_.commit(kBob);
  commit_and_push();
  run();
  EXPECT_EQ(shown(), (Lines{"7/1", "7/2", "7/3", "7/4"}));
  EXPECT_EQ(server_.requests(), (Lines{"conversation.list", "message.list 7 after 1 limit 2"}));
}

TEST_F(FollowerTest, ALongHoleTakesSeveralPages) {
  server_.commit(kBob);
  begin();
  for (int i = 0; i < 20; ++i) server_.commit(kBob);
  server_.reconnect();
  run();
  EXPECT_EQ(shown().size(), 20U);
  EXPECT_EQ(shown().back(), "7/21");
}

TEST_F(FollowerTest, AReconnectShowsWhatWasMissedAndWhatThenIsPushedAgainOnlyOnce) {
  begin();
  commit_and_push();
  const v1::Message missed = server_.commit(kBob);
  server_.reconnect();
  server_.push(missed);
  commit_and_push();
  run();
  EXPECT_EQ(shown(), (Lines{"7/1", "7/2", "7/3"}));
}

TEST_F(FollowerTest, AConnectionThatIsReplacedWithinARequestIsCaughtUpToo) {
  begin();
  commit_and_push();
  server_.commit(kBob);
  commit_and_push();
  server_.commit(9);
  server_.reconnect_within("message.list");
  run();
  EXPECT_EQ(shown(), (Lines{"7/1", "7/2", "7/3", "9/1"}));
}

TEST_F(FollowerTest, AConversationThatIsNewIsShownFromItsFirstMessage) {
  begin();
  server_.commit(8);
  server_.push(server_.commit(8));
  server_.commit(9);
  server_.reconnect();
  run();
  EXPECT_EQ(shown(), (Lines{"8/1", "8/2", "9/1"}));
}

TEST_F(FollowerTest, AGapIsPulled) {
  server_.commit(kBob);
  begin();
  server_.commit(kBob);
  v1::GapPush named;
  auto& behind = *named.add_conversations();
  behind.set_conversation_id(kBob);
  behind.set_seq(2);
  server_.push("gap", named);
  server_.commit(kBob);
  v1::GapPush all;
  all.set_all(true);
  server_.push("gap", all);
  run();
  EXPECT_EQ(shown(), (Lines{"7/2", "7/3"}));
}

TEST_F(FollowerTest, WhatPassesIsTriedAgain) {
  begin();
  server_.commit(kBob);
  server_.refuse("message.list", Error(ErrorCode::unavailable));
  server_.refuse("conversation.list", Error(ErrorCode::timeout));
  server_.reconnect();
  run();
  EXPECT_EQ(shown(), Lines{"7/1"});
}

TEST_F(FollowerTest, WhatCannotBeHadIsSaidAndLeftOut) {
  begin();
  server_.commit(kBob);
  server_.refuse("message.list", Error(ErrorCode::not_member));
  commit_and_push();
  run();
  EXPECT_EQ(shown(), Lines{"7/2"});
  EXPECT_NE(captured_.err().find("messages 1 to 1 of conversation 7 cannot be had"), std::string::npos)
      << captured_.err();
}

TEST_F(FollowerTest, AnotherHistoryIsFollowedFromItsEnd) {
  begin();
  commit_and_push();
  commit_and_push();
  server_.reconnect("e2");
  run();
  server_.erase_histories();
  server_.commit(kBob);
  // The new history counts from 1 again.
  server_.reconnect("e3");
  run();
  EXPECT_EQ(shown(), (Lines{"7/1", "7/2"}));
  server_.push(server_.commit(kBob));
  run();
  EXPECT_EQ(shown(), (Lines{"7/1", "7/2", "7/2"}));
}

TEST_F(FollowerTest, PushesItDoesNotKnowOrCannotReadAreIgnored) {
  begin();
  server_.push("brand_new", v1::GapPush());
  server_.push("message", v1::ReadPush());
  commit_and_push();
  run();
  EXPECT_EQ(shown().back(), "7/1");
}

// Whatever is lost, repeated or turned around on the way: all is shown, once, in order.
TEST_F(FollowerTest, AnyScheduleEndsWithTheWholeHistoryInOrder) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    std::minstd_rand random(seed);
    const auto chance = [&random](int percent) { return static_cast<int>(random() % 100) < percent; };
    FakeTransport server;
    Captured captured(true);
    NameBook names(server, v1::Me());
    Printer printer(names, captured.output);
    Follower follower(server, printer, {.hole_patience{0}, .try_again{0}});
    EXPECT_TRUE(finish(follower.begin()));
    std::vector<v1::Message> late;
    for (int i = 0; i < 60; ++i) {
      const v1::Message message = server.commit(kBob);
      if (chance(60)) server.push(message);
      if (chance(10)) server.push(message);
      if (chance(20)) late.push_back(message);
      if (chance(10) && !late.empty()) {
        server.push(late.back());
        late.pop_back();
      }
      if (chance(5)) server.reconnect();
      if (chance(5)) server.refuse("message.list", Error(ErrorCode::unavailable));
    }
    server.reconnect();
    EXPECT_EQ(finish(follower.run()).error().code, ErrorCode::token_revoked);
    std::int64_t expected = 0;
    for (const std::string& line : captured.lines()) {
      v1::Message message;
      ASSERT_TRUE(wire::from_json(parse_server_frame(line)->data, message));
      ASSERT_EQ(message.seq(), ++expected) << "seed " << seed;
    }
    EXPECT_EQ(expected, 60) << "seed " << seed;
  }
}

TEST_F(FollowerTest, PeopleSeeWhoWroteAndWhere) {
  FakeTransport server;
  Captured captured(false);
  v1::Me me;
  me.set_user_id(1);
  me.set_nickname("Alice");
  NameBook names(server, me);
  Printer printer(names, captured.output);
  Follower follower(server, printer, {.hole_patience{0}, .try_again{0}});
  EXPECT_TRUE(finish(follower.begin()));
  for (const std::uint64_t sender : {1, 2, 3}) {
    v1::Message message = server.commit(kBob);
    message.set_sender_id(sender);
    server.push(message);
  }
  EXPECT_FALSE(finish(follower.run()));
  EXPECT_EQ(captured.out(), "[Bob] #1 Alice: text 1\n[Bob] #2 Bob: text 2\n[Bob] #3 user 3: text 3\n");
}

}  // namespace
}  // namespace hongyan::chat
