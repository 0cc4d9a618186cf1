#include "app/chat/screen/worker.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "app/chat/follow/follower.h"
#include "app/chat/screen/testing/states.h"
#include "app/chat/testing/fake_transport.h"

namespace hongyan::chat::screen {
namespace {

using chat::testing::FakeTransport;
using testing::kCarol;
using testing::kWithBob;
using Requests = std::vector<std::string>;

class CountingDisplay final : public Display {
 public:
  void changed() override { ++changes; }
  int changes = 0;
};

class WorkerTest : public ::testing::Test {
 protected:
  template <class T>
  static T finish(async::Task<T> task) {
    boost::asio::io_context context;
    auto result = async::start(context.get_executor(), std::move(task));
    context.run();
    return result.get();
  }
  async::Deadline work() { return finish(worker_.between_pushes()).value(); }
  void write(std::string text) {
    Chat& chat = state_.chats[kWithBob];
    chat.about.set_conversation_id(kWithBob);
    chat.outgoing.push_back({.client_msg_id = text, .text = text});
    state_.want(SendNext{kWithBob});
  }
  const std::vector<Outgoing>& outgoing() { return state_.chats.at(kWithBob).outgoing; }

  FakeTransport server_;
  State state_ = testing::screen_of_alice();
  CountingDisplay display_;
  Worker worker_{server_, state_, display_, {.try_again = std::chrono::milliseconds(0)}};
};

TEST_F(WorkerTest, FollowsAndLoadsWhatTheListNeeds) {
  server_.commit(kWithBob);
  server_.push(server_.commit(kWithBob));
  Follower follower(server_, worker_, {.hole_patience{0}, .try_again{0}, .skips_the_past = true});
  EXPECT_EQ(finish(follower.run()).error().code, ErrorCode::token_revoked);
  EXPECT_EQ(state_.link, Link::up);
  EXPECT_EQ(state_.chats.at(kWithBob).about.seq(), 2);
  EXPECT_GT(display_.changes, 0);
}

TEST_F(WorkerTest, SendsInOrderAndSaysWhereEachStands) {
  write("one");
  write("two");
  for (const int seq : {4, 5}) {
    v1::SendResponse sent;
    sent.set_seq(seq);
    server_.answer("message.send", sent);
  }
  EXPECT_EQ(work(), async::Deadline::max());
  EXPECT_EQ(outgoing()[0].seq, 4);
  EXPECT_EQ(outgoing()[1].seq, 5);
  EXPECT_FALSE(state_.has_unsent());
}

TEST_F(WorkerTest, AnUnknownOutcomeIsRepeatedBeforeWhatComesLater) {
  write("one");
  write("two");
  server_.refuse("message.send", Error(ErrorCode::timeout, "no answer"));
  EXPECT_NE(work(), async::Deadline::max());
  EXPECT_TRUE(outgoing()[0].is_waiting());
  EXPECT_TRUE(outgoing()[1].is_waiting());
  EXPECT_EQ(server_.requests(), Requests{"message.send"});
  for (const int seq : {4, 5}) {
    v1::SendResponse sent;
    sent.set_seq(seq);
    server_.answer("message.send", sent);
  }
  work();
  EXPECT_EQ(outgoing()[0].seq, 4);
  EXPECT_EQ(outgoing()[1].seq, 5);
}

TEST_F(WorkerTest, ARefusalIsSaidAndDoesNotHoldUpTheNext) {
  write("one");
  write("two");
  server_.refuse("message.send", Error(ErrorCode::not_friend));
  v1::SendResponse sent;
  sent.set_seq(4);
  server_.answer("message.send", sent);
  work();
  EXPECT_EQ(outgoing()[0].refused, "you are not friends");
  EXPECT_EQ(outgoing()[1].seq, 4);
}

TEST_F(WorkerTest, AsksOnlyWhoHasExactlyThatName) {
  v1::SearchUsersResponse found;
  found.add_items()->set_username("davenport");
  server_.answer("user.search", found);
  state_.want(AskFriend{"dave", "hi"});
  work();
  EXPECT_EQ(state_.notice, "Nobody has the username dave");
  EXPECT_TRUE(state_.notice_is_error);

  found.add_items()->set_username("dave");
  found.mutable_items(1)->set_user_id(9);
  found.mutable_items(1)->set_nickname("Dave");
  server_.answer("user.search", found);
  server_.answer("contact.request", v1::RequestContactResponse());
  for (int i = 0; i < 2; ++i) server_.answer("contact.list_requests", v1::ListContactRequestsResponse());
  server_.answer("contact.list", v1::ListContactsResponse());
  state_.want(AskFriend{"Dave", "hi"});
  work();
  EXPECT_EQ(state_.notice, "Dave was asked");
}

TEST_F(WorkerTest, AFailureForGoodIsSaid) {
  state_.want(AnswerFriend{50, true});
  server_.refuse("contact.accept", Error(ErrorCode::request_expired));
  EXPECT_EQ(work(), async::Deadline::max());
  EXPECT_EQ(state_.notice, "The request was not answered: the request has expired");
}

TEST_F(WorkerTest, NamesAreAskedForOnceAndAgainWhenThatFails) {
  state_.names.need(42);
  state_.want(LoadNames{});
  server_.refuse("user.batch", Error(ErrorCode::unavailable));
  work();
  v1::BatchUsersResponse users;
  users.add_items()->set_user_id(42);
  users.mutable_items(0)->set_nickname("Eve");
  server_.answer("user.batch", users);
  work();
  EXPECT_EQ(state_.names.of(42), "Eve");
  state_.names.need(42);
  EXPECT_FALSE(state_.names.has_needed());
}

}  // namespace
}  // namespace hongyan::chat::screen
