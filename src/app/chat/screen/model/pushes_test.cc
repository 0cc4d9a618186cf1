#include "app/chat/screen/model/pushes.h"

#include <gtest/gtest.h>

#include "app/chat/screen/model/answers.h"
#include "app/chat/screen/testing/states.h"

namespace hongyan::chat::screen {
namespace {

using testing::kAlice;
using testing::kBob;
using testing::kCarol;
using testing::kTeam;
using testing::kWithBob;
using testing::push;
using testing::said;
using testing::wants;
using testing::with_bob;

class PushesTest : public ::testing::Test {
 protected:
  PushesTest() { take_list(state_, {with_bob(3), testing::team(5, 2)}, true); }
  Chat& bob() { return state_.chats.at(kWithBob); }
  // Opens the 1:1 with messages [from, to] held.
  void open(std::int64_t from, std::int64_t to) {
    state_.show_chat(kWithBob);
    take_newest(state_, kWithBob, testing::page(from, to));
  }
  template <class Push>
  void mark(std::string type, std::uint64_t user, std::int64_t seq) {
    Push data;
    data.set_conversation_id(kWithBob);
    data.set_user_id(user);
    data.set_seq(seq);
    push(state_, std::move(type), data);
  }

  State state_ = testing::screen_of_alice();
};

TEST_F(PushesTest, AMessageRaisesUnreadUnlessItIsSeen) {
  take_message(state_, said(kWithBob, 4, kBob, "one"));
  take_message(state_, said(kWithBob, 5, kBob, "two"));
  EXPECT_EQ(bob().about.unread(), 2);
  EXPECT_EQ(state_.total_unread(), 4);
  EXPECT_TRUE(wants(state_, MarkDelivered{kWithBob}));
  EXPECT_FALSE(wants(state_, MarkRead{kWithBob}));
  open(1, 5);
  EXPECT_EQ(bob().about.unread(), 0);
  EXPECT_EQ(bob().new_after, 3);
  EXPECT_TRUE(wants(state_, MarkRead{kWithBob}));
  state_.commands.clear();
  take_message(state_, said(kWithBob, 6, kBob, "three"));
  EXPECT_EQ(bob().about.unread(), 0);
  EXPECT_TRUE(wants(state_, MarkRead{kWithBob}));
}

TEST_F(PushesTest, WhatIsScrolledAwayFromIsNotRead) {
  open(1, 3);
  bob().anchor = Anchor{1, 0};
  state_.commands.clear();
  take_message(state_, said(kWithBob, 4, kBob, "one"));
  EXPECT_EQ(bob().about.unread(), 1);
  EXPECT_FALSE(wants(state_, MarkRead{kWithBob}));
}

TEST_F(PushesTest, WhatTheListHasCountedIsNotCountedAgain) {
  take_list(state_, {with_bob(5, 2), testing::team(5, 2)}, false);
  take_message(state_, said(kWithBob, 4, kBob, "one"));
  take_message(state_, said(kWithBob, 5, kBob, "two"));
  EXPECT_EQ(bob().about.unread(), 2);
}

TEST_F(PushesTest, OwnMessagesTakeThePlaceOfThoseOnTheirWay) {
  open(1, 3);
  bob().outgoing = {{.client_msg_id = "a", .text = "mine"}, {.client_msg_id = "b", .text = "next"}};
  v1::Message mine = said(kWithBob, 4, kAlice, "mine");
  mine.set_client_msg_id("a");
  take_message(state_, mine);
  ASSERT_EQ(bob().outgoing.size(), 1U);
  EXPECT_EQ(bob().outgoing[0].client_msg_id, "b");
  EXPECT_EQ(bob().history.messages().at(4).content().text().text(), "mine");
  EXPECT_EQ(bob().about.unread(), 0);
}

TEST_F(PushesTest, MarksOfTheOtherPersonRiseAndNeverFall) {
  mark<v1::DeliveredPush>("delivered", kBob, 2);
  mark<v1::ReadPush>("read", kBob, 2);
  mark<v1::ReadPush>("read", kBob, 1);
  mark<v1::ReadPush>("read", kCarol, 3);
  EXPECT_EQ(bob().about.peer_read_seq(), 2);
  EXPECT_EQ(bob().about.peer_delivered_seq(), 2);
}

TEST_F(PushesTest, ReadingOnAnotherDeviceCounts) {
  take_message(state_, said(kWithBob, 4, kBob, "one"));
  take_message(state_, said(kWithBob, 5, kBob, "two"));
  mark<v1::ReadPush>("read", kAlice, 4);
  EXPECT_TRUE(wants(state_, LoadChat{kWithBob}));
  mark<v1::ReadPush>("read", kAlice, 5);
  EXPECT_EQ(bob().about.unread(), 0);
}

TEST_F(PushesTest, ChangesReplaceStatesAndHolesAreAskedFor) {
  open(1, 3);
  v1::ChangePush change;
  change.set_conversation_id(kWithBob);
  change.set_change(1);
  *change.mutable_message() = said(kWithBob, 2, kBob, "edited");
  change.mutable_message()->set_change(1);
  push(state_, "change", change);
  EXPECT_EQ(bob().history.messages().at(2).content().text().text(), "edited");
  EXPECT_FALSE(wants(state_, LoadChanges{kWithBob}));
  change.set_change(3);
  push(state_, "change", change);
  EXPECT_TRUE(wants(state_, LoadChanges{kWithBob}));
  v1::ListChangesResponse missed;
  *missed.add_items() = said(kWithBob, 3, kBob, "edited, too");
  missed.mutable_items(0)->set_change(3);
  missed.set_up_to_change(3);
  EXPECT_TRUE(take_changes(state_, kWithBob, missed));
  EXPECT_EQ(bob().history.change(), 3);
  EXPECT_EQ(bob().history.messages().at(3).content().text().text(), "edited, too");
}

TEST_F(PushesTest, AConversationThatIsNewAppears) {
  take_message(state_, said(9, 12, kCarol, "hello"));
  EXPECT_TRUE(wants(state_, LoadChat{9}));
  EXPECT_EQ(state_.chats.at(9).about.unread(), 1);
  EXPECT_EQ(state_.rows().size(), 3U);
}

TEST_F(PushesTest, AHoleInWhatIsHeldBeginsAnew) {
  open(1, 3);
  state_.commands.clear();
  take_message(state_, said(kWithBob, 9, kBob, "far"));
  EXPECT_FALSE(bob().history.is_held());
  EXPECT_TRUE(wants(state_, LoadNewest{kWithBob}));
}

TEST_F(PushesTest, AnotherHistoryKeepsWhatIsNotSent) {
  open(1, 3);
  bob().outgoing = {{.client_msg_id = "a", .text = "accepted", .seq = 4}, {.client_msg_id = "b", .text = "waits"}};
  state_.commands.clear();
  take_list(state_, {with_bob(1)}, true);
  EXPECT_FALSE(bob().history.is_held());
  ASSERT_EQ(bob().outgoing.size(), 1U);
  EXPECT_EQ(bob().about.seq(), 1);
  EXPECT_TRUE(wants(state_, SendNext{kWithBob}));
  EXPECT_TRUE(wants(state_, LoadNewest{kWithBob}));
  // The group is not listed any more.
  EXPECT_EQ(state_.rows().size(), 1U);
}

TEST_F(PushesTest, SettingsAndClearingComeFromOtherDevices) {
  open(1, 3);
  v1::UserEventPush event;
  v1::ConversationSettingsEvent& settings = *event.mutable_state()->mutable_conversation();
  settings.set_conversation_id(kTeam);
  settings.set_pinned(true);
  settings.set_muted(true);
  push(state_, "user_event", event);
  EXPECT_EQ(state_.rows().front().id, kTeam);
  EXPECT_EQ(state_.total_unread(), 0);
  event.mutable_state()->mutable_cleared()->set_conversation_id(kWithBob);
  event.mutable_state()->mutable_cleared()->set_up_to_seq(2);
  push(state_, "user_event", event);
  EXPECT_EQ(bob().history.messages().size(), 1U);
  event.mutable_state()->mutable_contact_request();
  push(state_, "user_event", event);
  EXPECT_TRUE(wants(state_, LoadFriends{}));
}

TEST_F(PushesTest, WhatItCannotReadChangesNothing) {
  take_push(state_, {"read", {}, "no json", std::nullopt});
  take_push(state_, {"something_new", {}, "{}", std::nullopt});
  EXPECT_EQ(state_.total_unread(), 2);
}

}  // namespace
}  // namespace hongyan::chat::screen
