#include "domain/contact/sql_store.h"

#include <gtest/gtest.h>

#include "domain/contact/testing/world.h"

namespace hongyan::contact {
namespace {

using conversation::SystemLine;
using testing::kAlice;
using testing::kBob;
using testing::kCarol;

using Shown = std::vector<std::string>;

class ContactStoreTest : public testing::World {};

TEST_F(ContactStoreTest, ARequestIsToldToBothAndListedByBoth) {
  const Request request = ask(kAlice, kBob, "it is me", "Bobby").value().request.value();
  EXPECT_EQ(request.message, "it is me");
  EXPECT_EQ(request.source, v1::CONTACT_SOURCE_SEARCH);
  EXPECT_EQ(request.expires.value - request.time.value, config_.request_life.count());
  const std::string id = std::to_string(request.id.value);
  EXPECT_EQ(events(), (Shown{"1 contact_request " + id, "2 contact_request " + id}));
  EXPECT_EQ(requests(kBob), std::vector{request});
  EXPECT_EQ(requests(kAlice, Direction::sent), std::vector{request});
  EXPECT_TRUE(requests(kAlice).empty());
  EXPECT_FALSE(relation(kAlice, kBob).friends);
}

TEST_F(ContactStoreTest, AcceptingMakesFriendsAndOpensTheOneToOne) {
  const RequestId request = ask(kAlice, kBob, "it is me", "Bobby").value().request->id;
  events_.take();
  const Friendship made = accept(kBob, request, "阿丽").value();
  EXPECT_EQ(made.contact.user, kAlice);
  EXPECT_EQ(made.contact.remark, "阿丽");
  EXPECT_EQ(made.contact.sort_key, "ali");
  EXPECT_EQ(list(kAlice).at(0).remark, "Bobby") << "what who asked has typed then";
  const std::string id = std::to_string(request.value);
  EXPECT_EQ(events(), (Shown{"1 contact_request " + id, "2 contact_request " + id, "1 contact 2", "2 contact 1"}));
  EXPECT_EQ(lines(made.conversation),
            (std::vector{SystemLine{
                "contact_added", {{"by", "2"}, {"user_id", "1"}, {"message", "it is me"}}, {}, {}, {kAlice, kBob}}}));
  EXPECT_EQ(bumps_.take(), std::vector{made.conversation});
  EXPECT_TRUE(relation(kAlice, kBob).friends);
  EXPECT_EQ(requests(kBob).at(0).state, v1::CONTACT_REQUEST_STATE_ACCEPTED);

  const Friendship again = accept(kBob, request).value();
  EXPECT_EQ(again.contact, made.contact);
  EXPECT_EQ(again.conversation, made.conversation);
  EXPECT_EQ(lines(made.conversation).size(), 1u) << "a repeat tells nothing";
  EXPECT_TRUE(events().empty());
}

TEST_F(ContactStoreTest, RequestsThatCrossMakeFriends) {
  ASSERT_TRUE(ask(kAlice, kBob, "hello", "B"));
  const Asked asked = ask(kBob, kAlice, "hi", "A").value();
  ASSERT_TRUE(asked.friendship);
  EXPECT_FALSE(asked.request);
  EXPECT_EQ(asked.friendship->contact.user, kAlice);
  EXPECT_EQ(asked.friendship->contact.remark, "A");
  EXPECT_EQ(list(kAlice).at(0).remark, "B");
  EXPECT_EQ(lines(asked.friendship->conversation).at(0).params.at("by"), "2");
  EXPECT_EQ(requests(kBob).at(0).state, v1::CONTACT_REQUEST_STATE_ACCEPTED);
  EXPECT_TRUE(requests(kAlice).empty()) << "the second one was never needed";
}

TEST_F(ContactStoreTest, ARepeatReplacesWhatWasWritten) {
  const Request first = ask(kAlice, kBob, "hello").value().request.value();
  clock_.advance(std::chrono::hours(24));
  const Request second = ask(kAlice, kBob, "hello again").value().request.value();
  EXPECT_EQ(second.id, first.id);
  EXPECT_GT(second.expires, first.expires);
  EXPECT_EQ(requests(kBob), std::vector{second});
}

TEST_F(ContactStoreTest, WhatHasExpiredCannotBeAnsweredButAskedAgain) {
  const RequestId old = asked(kAlice, kBob);
  clock_.advance(config_.request_life);
  EXPECT_EQ(accept(kBob, old).error().code, ErrorCode::request_expired);
  EXPECT_EQ(reject(kBob, old).error().code, ErrorCode::request_expired);
  EXPECT_EQ(state_at(requests(kBob).at(0), clock_.now()), v1::CONTACT_REQUEST_STATE_EXPIRED);
  EXPECT_NE(asked(kAlice, kBob), old);
  clock_.advance(config_.request_life);
  EXPECT_TRUE(ask(kBob, kAlice).value().request) << "what has expired crosses nothing";
}

TEST_F(ContactStoreTest, ARejectedOneCanAskAgain) {
  const RequestId request = asked(kAlice, kBob);
  EXPECT_EQ(reject(kBob, request).value().state, v1::CONTACT_REQUEST_STATE_REJECTED);
  EXPECT_TRUE(reject(kBob, request)) << "a repeat is harmless";
  EXPECT_EQ(accept(kBob, request).error().code, ErrorCode::conflict);
  EXPECT_NE(asked(kAlice, kBob), request);
  EXPECT_EQ(requests(kBob).size(), 1u);
}

TEST_F(ContactStoreTest, OnlyWhoWasAskedAnswers) {
  const RequestId request = asked(kAlice, kBob);
  for (const UserId other : {kAlice, kCarol}) {
    EXPECT_EQ(accept(other, request).error().code, ErrorCode::not_found);
    EXPECT_EQ(reject(other, request, true).error().code, ErrorCode::not_found);
  }
  EXPECT_EQ(accept(kBob, RequestId(99)).error().code, ErrorCode::not_found);
}

TEST_F(ContactStoreTest, DeletingIsOneSidedAndUndoneByAskingOnce) {
  const ConversationId chat = friends(kAlice, kBob).conversation;
  events_.take();
  bumps_.take();
  ASSERT_TRUE(run(service_.remove(kAlice, kBob, soon())));
  EXPECT_EQ(events(), Shown{"1 contact 2"});
  EXPECT_EQ(bumps_.take(), std::vector{chat});
  EXPECT_TRUE(list(kAlice).empty());
  EXPECT_EQ(list(kBob).size(), 1u);
  EXPECT_FALSE(relation(kAlice, kBob).friends);
  EXPECT_FALSE(relation(kBob, kAlice).friends);
  ASSERT_TRUE(run(service_.remove(kAlice, kBob, soon())));
  EXPECT_TRUE(events().empty()) << "a repeat is harmless";

  const Asked back = ask(kAlice, kBob).value();
  ASSERT_TRUE(back.friendship) << "Bob still has Alice on the list";
  EXPECT_EQ(back.friendship->conversation, chat);
  EXPECT_TRUE(relation(kAlice, kBob).friends);

  ASSERT_TRUE(run(service_.remove(kAlice, kBob, soon())));
  EXPECT_TRUE(ask(kBob, kAlice).value().request) << "Alice has Bob no more: she is asked";
}

TEST_F(ContactStoreTest, ABlockHoldsBothWaysAndKeepsTheContact) {
  const ConversationId chat = friends(kAlice, kBob).conversation;
  events_.take();
  bumps_.take();
  ASSERT_TRUE(block(kAlice, kBob));
  EXPECT_EQ(events(), (Shown{"1 block 2", "1 contact 2"}));
  EXPECT_EQ(bumps_.take(), std::vector{chat});
  EXPECT_TRUE(relation(kAlice, kBob).blocked);
  EXPECT_TRUE(relation(kBob, kAlice).blocked);
  EXPECT_TRUE(list(kAlice).at(0).blocked);
  EXPECT_FALSE(list(kBob).at(0).blocked);
  ASSERT_TRUE(block(kAlice, kBob));
  EXPECT_TRUE(events().empty());
  const auto blocked = run(service_.blocked({kAlice, 10, {}}, soon())).value();
  EXPECT_EQ(blocked.items, (std::vector{Blocked{kBob, clock_.now()}}));
  EXPECT_EQ(blocked.users.at(0).user_id, kBob);

  ASSERT_TRUE(block(kAlice, kBob, false));
  EXPECT_EQ(events(), (Shown{"1 block 2", "1 contact 2"}));
  EXPECT_FALSE(relation(kBob, kAlice).blocked);
  EXPECT_TRUE(relation(kBob, kAlice).friends);
}

TEST_F(ContactStoreTest, NobodyAsksPastABlock) {
  const RequestId waiting = asked(kBob, kAlice);
  ASSERT_TRUE(block(kAlice, kBob));
  EXPECT_EQ(requests(kAlice).at(0).state, v1::CONTACT_REQUEST_STATE_REJECTED);
  EXPECT_EQ(accept(kAlice, waiting).error().code, ErrorCode::conflict);
  EXPECT_EQ(ask(kBob, kAlice).error().code, ErrorCode::blocked);
  EXPECT_EQ(ask(kAlice, kBob).error().code, ErrorCode::blocked);
  const RequestId other = asked(kCarol, kAlice);
  EXPECT_EQ(reject(kAlice, other, true).value().state, v1::CONTACT_REQUEST_STATE_REJECTED);
  EXPECT_EQ(ask(kCarol, kAlice).error().code, ErrorCode::blocked);
}

TEST_F(ContactStoreTest, NotesBelongToOneSide) {
  friends(kAlice, kBob);
  events_.take();
  const auto update = [&](ContactChange change) {
    return run(service_.update(kAlice, kBob, std::move(change), soon()));
  };
  const Contact after = update({"张三", std::vector<std::string>{"work"}, true}).value();
  EXPECT_EQ(after, (Contact{kBob, "张三", {"work"}, true, "zhangsan", false}));
  EXPECT_EQ(events(), Shown{"1 contact 2"});
  EXPECT_EQ(list(kBob).at(0).remark, "");
  EXPECT_EQ(update({}).value(), after);
  EXPECT_TRUE(events().empty()) << "nothing has changed";
  EXPECT_EQ(update({"", std::vector<std::string>{}, {}}).value(), (Contact{kBob, "", {}, true, "~", false}));
  EXPECT_EQ(run(service_.update(kAlice, kCarol, {}, soon())).error().code, ErrorCode::not_found);
}

TEST_F(ContactStoreTest, OfOthersItIsKnownWhoKnowsWhomAndWhoBlocks) {
  friends(kAlice, kBob);
  ASSERT_TRUE(run(service_.remove(kAlice, kBob, soon())));
  ASSERT_TRUE(block(kCarol, kAlice));
  EXPECT_EQ(
      run(service_.standings(kAlice, {kCarol, kBob, UserId(9)}, soon())).value(),
      (std::vector{Standing{kCarol, false, true}, Standing{kBob, true, false}, Standing{UserId(9), false, false}}));
}

class FewAllowed : public testing::World {
 protected:
  FewAllowed() : World({.required = false, .max_contacts = 1, .max_pending = 1}) {}
};

TEST_F(FewAllowed, BeyondItThereIsAQuota) {
  const RequestId request = asked(kAlice, kBob);
  EXPECT_EQ(ask(kAlice, kCarol).error().code, ErrorCode::quota_exceeded);
  EXPECT_TRUE(ask(kAlice, kBob)) << "a repeat is not another one";
  ASSERT_TRUE(accept(kBob, request));
  const RequestId third = asked(kCarol, kBob);
  EXPECT_EQ(accept(kBob, third).error().code, ErrorCode::quota_exceeded);
  EXPECT_EQ(requests(kBob).at(0).state, v1::CONTACT_REQUEST_STATE_PENDING);
}

TEST_F(FewAllowed, WhereFriendshipIsNotAskedForOnlyBlocksCount) {
  EXPECT_TRUE(relation(kAlice, kCarol).friends);
  ASSERT_TRUE(block(kCarol, kAlice));
  EXPECT_TRUE(relation(kAlice, kCarol).blocked);
}

}  // namespace
}  // namespace hongyan::contact
