#include "app/chat/screen/model/press.h"

#include <gtest/gtest.h>

#include "app/chat/screen/model/answers.h"
#include "app/chat/screen/testing/states.h"

namespace hongyan::chat::screen {
namespace {

using testing::kBob;
using testing::kCarol;
using testing::kTeam;
using testing::kWithBob;
using testing::wants;

class PressTest : public ::testing::Test {
 protected:
  PressTest() {
    take_list(state_, {testing::with_bob(3, 1), testing::team(5, 2)}, true);
    Friends friends;
    friends.contacts.emplace_back().set_user_id(kBob);
    friends.contacts.back().set_remark("Bobby");
    v1::ContactRequest& request = friends.received.emplace_back();
    request.set_contact_request_id(50);
    request.set_from_user_id(kCarol);
    request.set_state(v1::CONTACT_REQUEST_STATE_PENDING);
    take_friends(state_, friends);
    state_.commands.clear();
  }
  void press_all(std::initializer_list<KeyCode> keys) {
    for (const KeyCode key : keys) press(state_, {key, {}}, random_);
  }
  void type(std::string text) { press(state_, {KeyCode::text, std::move(text)}, random_); }
  Chat& bob() { return state_.chats.at(kWithBob); }

  State state_ = testing::screen_of_alice();
  testing::CountingRandom random_;
};

TEST_F(PressTest, EnterOpensWhatIsChosenAndReadsIt) {
  press_all({KeyCode::down, KeyCode::enter});
  EXPECT_EQ(state_.open, kTeam);
  EXPECT_TRUE(wants(state_, LoadNewest{kTeam}));
  EXPECT_TRUE(wants(state_, MarkRead{kTeam}));
  press_all({KeyCode::up, KeyCode::up, KeyCode::enter});
  EXPECT_EQ(state_.open, kWithBob);
}

TEST_F(PressTest, EnterSendsWhatIsWritten) {
  press_all({KeyCode::enter});
  type("hi");
  press_all({KeyCode::line_break});
  type("there");
  press_all({KeyCode::enter});
  ASSERT_EQ(bob().outgoing.size(), 1U);
  EXPECT_EQ(bob().outgoing[0].text, "hi\nthere");
  EXPECT_TRUE(bob().input.text().empty());
  EXPECT_TRUE(wants(state_, SendNext{kWithBob}));
  type("more");
  press_all({KeyCode::enter});
  EXPECT_NE(bob().outgoing[0].client_msg_id, bob().outgoing[1].client_msg_id);
  EXPECT_TRUE(state_.has_unsent());
}

TEST_F(PressTest, BlanksAreNotSent) {
  press_all({KeyCode::enter});
  type("  ");
  press_all({KeyCode::enter});
  EXPECT_TRUE(bob().outgoing.empty());
}

TEST_F(PressTest, WhatIsBegunStaysWithItsConversation) {
  press_all({KeyCode::enter});
  type("for Bob");
  press_all({KeyCode::next_unread});
  EXPECT_EQ(state_.open, kTeam);
  type("for all");
  press_all({KeyCode::escape});
  EXPECT_FALSE(state_.open);
  EXPECT_EQ(bob().input.text(), "for Bob");
  EXPECT_EQ(state_.chats.at(kTeam).input.text(), "for all");
}

TEST_F(PressTest, RefusedMessagesAreSentAgain) {
  press_all({KeyCode::enter});
  type("hi");
  press_all({KeyCode::enter});
  const std::string id = bob().outgoing[0].client_msg_id;
  take_refused(state_, kWithBob, id, Error(ErrorCode::not_friend));
  EXPECT_FALSE(state_.has_unsent());
  EXPECT_EQ(bob().outgoing[0].refused, "you are not friends");
  state_.commands.clear();
  press_all({KeyCode::resend});
  EXPECT_TRUE(state_.has_unsent());
  EXPECT_EQ(bob().outgoing[0].client_msg_id, id);
  EXPECT_TRUE(wants(state_, SendNext{kWithBob}));
}

TEST_F(PressTest, RequestsAreAcceptedAndRejected) {
  press_all({KeyCode::friends, KeyCode::enter});
  EXPECT_TRUE(wants(state_, AnswerFriend{50, true}));
  press_all({KeyCode::reject});
  EXPECT_TRUE(wants(state_, AnswerFriend{50, false}));
}

TEST_F(PressTest, FriendsAreAskedByUsername) {
  press_all({KeyCode::friends});
  type(" @dave  hi, it is me ");
  press_all({KeyCode::enter});
  EXPECT_TRUE(wants(state_, AskFriend{"dave", "hi, it is me "}));
  EXPECT_TRUE(state_.ask.text().empty());
}

TEST_F(PressTest, AFriendIsWrittenTo) {
  press_all({KeyCode::friends, KeyCode::down, KeyCode::enter});
  EXPECT_EQ(state_.tab, Tab::chats);
  EXPECT_EQ(state_.open, kWithBob);
  EXPECT_EQ(state_.title(bob()), "Bobby");
  state_.chats.erase(kWithBob);
  press_all({KeyCode::friends, KeyCode::enter});
  EXPECT_TRUE(wants(state_, OpenWith{kBob}));
}

TEST_F(PressTest, AGroupIsOpenedAlsoWhenItsChatIsNotListed) {
  v1::Group group;
  group.set_group_id(77);
  take_groups(state_, {group});
  press_all({KeyCode::groups, KeyCode::enter});
  EXPECT_EQ(state_.open, 77U);
  EXPECT_TRUE(wants(state_, LoadChat{77}));
}

TEST_F(PressTest, TheChoiceStaysWithItsRowWhenTheListMoves) {
  press_all({KeyCode::down});
  take_message(state_, testing::said(kTeam, 6, kCarol, "up", testing::kNow + 1));
  const auto rows = state_.rows();
  EXPECT_EQ(rows[0].id, kTeam);
  EXPECT_EQ(state_.chosen_row(rows), 0);
}

TEST_F(PressTest, ChoosingEndsAtBothEnds) {
  for (int i = 0; i < 5; ++i) press_all({KeyCode::down});
  EXPECT_EQ(state_.chosen_row(state_.rows()), 1);
  for (int i = 0; i < 5; ++i) press_all({KeyCode::up});
  EXPECT_EQ(state_.chosen_row(state_.rows()), 0);
  State nothing = testing::screen_of_alice();
  for (const KeyCode key :
       {KeyCode::up, KeyCode::down, KeyCode::enter, KeyCode::page_up, KeyCode::friends, KeyCode::enter, KeyCode::reject,
        KeyCode::groups, KeyCode::enter, KeyCode::next_unread, KeyCode::resend}) {
    press(nothing, {key, {}}, random_);
  }
  EXPECT_FALSE(nothing.open);
}

TEST_F(PressTest, HelpGoesAwayWithAnyKey) {
  press_all({KeyCode::help});
  EXPECT_TRUE(state_.shows_help);
  press_all({KeyCode::down});
  EXPECT_FALSE(state_.shows_help);
  press_all({KeyCode::help, KeyCode::quit});
  EXPECT_TRUE(state_.is_leaving);
}

}  // namespace
}  // namespace hongyan::chat::screen
