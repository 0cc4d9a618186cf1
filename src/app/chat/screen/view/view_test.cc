#include "app/chat/screen/view/view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/chat/screen/model/answers.h"
#include "app/chat/screen/testing/states.h"

namespace hongyan::chat::screen {
namespace {

using ::testing::HasSubstr;
using testing::kAlice;
using testing::kBob;
using testing::kMinute;
using testing::kNow;
using testing::kTeam;
using testing::kWithBob;
using ::testing::Not;
using testing::said;
using testing::shown;

class ViewTest : public ::testing::Test {
 protected:
  void list() { take_list(state_, {testing::with_bob(3, 1), testing::team(5, 2)}, true); }
  void open(const v1::ListMessagesResponse& page) {
    list();
    state_.show_chat(kWithBob);
    take_newest(state_, kWithBob, page);
  }
  Chat& bob() { return state_.chats.at(kWithBob); }
  void key(KeyCode code) { press(state_, {code, {}}, random_); }

  State state_ = testing::screen_of_alice();
  testing::CountingRandom random_;
};

TEST_F(ViewTest, ListsConversationsWithUnreadTimesAndPreviews) {
  list();
  state_.chats.at(kTeam).about.mutable_settings()->set_muted(true);
  state_.chats.at(kTeam).about.mutable_settings()->set_pinned(true);
  const std::string text = shown(state_);
  EXPECT_THAT(text, HasSubstr(" F1 Chats 1  F2 Friends  F3 Groups"));
  EXPECT_THAT(text, HasSubstr("Alice (@alice)"));
  EXPECT_THAT(text, HasSubstr("📌Team 鸿雁"));
  EXPECT_THAT(text, HasSubstr("13:59 │"));
  EXPECT_THAT(text, HasSubstr("🔕 (2) │"));
  EXPECT_THAT(text, HasSubstr("Carol: from"));
  EXPECT_THAT(text, HasSubstr("text 3"));
  EXPECT_THAT(text, HasSubstr("(1)"));
  EXPECT_THAT(text, HasSubstr("● connected"));
}

TEST_F(ViewTest, ShowsAConversationWithDaysNamesAndWhatIsNew) {
  v1::ListMessagesResponse page = testing::page(1, 3);
  page.mutable_items(0)->set_time_ms(kNow - 24 * 60 * kMinute);
  open(page);
  const std::string text = shown(state_);
  EXPECT_THAT(text, HasSubstr("── Yesterday ──"));
  EXPECT_THAT(text, HasSubstr("── Today ──"));
  EXPECT_THAT(text, HasSubstr("── new ──"));
  EXPECT_THAT(text, HasSubstr("Bob  14:00"));
  EXPECT_THAT(text, HasSubstr("This is the beginning"));
  EXPECT_THAT(text, HasSubstr("› Write to Bob"));
}

TEST_F(ViewTest, OwnMessagesSayHowFarTheyHaveCome) {
  v1::ListMessagesResponse page = testing::page(1, 0);
  for (int seq = 1; seq <= 4; ++seq) *page.add_items() = said(kWithBob, seq, kAlice, "mine " + std::to_string(seq));
  page.set_to_seq(4);
  open(page);
  bob().about.set_peer_read_seq(1);
  bob().about.set_peer_delivered_seq(2);
  bob().outgoing = {{.client_msg_id = "a", .text = "on its way", .time_ms = kNow}};
  bob().outgoing.push_back({.client_msg_id = "b", .text = "no", .time_ms = kNow, .refused = "you are not friends"});
  std::vector<std::string> marked;
  const Frame frame = draw(state_);
  for (int row = 0; row < 24; ++row) {
    const std::string text = frame.grid.row_text(row);
    for (const char* word : {"✓✓ read", "✓✓ delivered", "✓ sent", "sending…", "not sent: you are not friends"}) {
      if (text.find(word) != std::string::npos) marked.push_back(word);
    }
  }
  EXPECT_EQ(marked, (std::vector<std::string>{"✓✓ read", "✓✓ delivered", "✓ sent", "sending…",
                                              "not sent: you are not friends"}));
  // Who tells nothing of what they read has only got it.
  bob().about.clear_peer_read_seq();
  EXPECT_THAT(testing::drawn(draw(state_)), Not(HasSubstr("✓✓ read")));
}

TEST_F(ViewTest, OfAGroupOnlyThatTheServerHasIt) {
  list();
  state_.show_chat(kTeam);
  v1::ListMessagesResponse page;
  *page.add_items() = said(kTeam, 4, testing::kCarol, "大家好 😀");
  *page.add_items() = testing::line(kTeam, 5, "member_added", {{"by", "3"}, {"user_ids", "1"}});
  *page.add_items() = said(kTeam, 6, kAlice, "hello");
  page.set_from_seq(4);
  page.set_to_seq(6);
  take_newest(state_, kTeam, page);
  state_.chats.at(kTeam).about.set_peer_read_seq(99);
  const std::string text = shown(state_);
  EXPECT_THAT(text, HasSubstr("✓ sent"));
  EXPECT_THAT(text, HasSubstr("Carol  14:00"));
  EXPECT_THAT(text, HasSubstr("大家好 😀"));
  EXPECT_THAT(text, HasSubstr("Carol added you"));
}

TEST_F(ViewTest, NothingThatOthersWriteActs) {
  v1::ListMessagesResponse page = testing::page(1, 0);
  *page.add_items() = said(kWithBob, 1, kBob, "\x1b[2J\x1b]0;title\x07 \xE2\x80\xAE");
  page.set_to_seq(1);
  open(page);
  state_.names.learn(kBob, "B\x1b[31mob");
  bob().about.mutable_last_message()->mutable_content()->mutable_text()->set_text("\x1b[2J\nx");
  const std::string text = shown(state_);
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_THAT(text, HasSubstr("\\x1b[2J"));
  EXPECT_THAT(text, Not(HasSubstr("\xE2\x80\xAE")));
}

TEST_F(ViewTest, PagesThroughWhatIsHeldAndAsksForMore) {
  open(testing::page(51, 100));
  EXPECT_THAT(shown(state_), HasSubstr("text 100"));
  EXPECT_FALSE(bob().anchor);
  key(KeyCode::page_up);
  const std::string older = shown(state_);
  EXPECT_THAT(older, Not(HasSubstr("text 100")));
  EXPECT_THAT(older, HasSubstr("text 80"));
  EXPECT_THAT(older, HasSubstr("PgDn: newer"));
  EXPECT_TRUE(bob().anchor);
  EXPECT_FALSE(testing::wants(state_, LoadOlder{kWithBob}));
  for (int i = 0; i < 5; ++i) {
    key(KeyCode::page_up);
    shown(state_);
  }
  EXPECT_TRUE(testing::wants(state_, LoadOlder{kWithBob}));
  const std::string before = shown(state_);
  take_older(state_, kWithBob, testing::page(1, 50));
  // What is seen stays where it is, but for what begins at the top.
  const std::string with_older = shown(state_);
  EXPECT_EQ(with_older.substr(with_older.find("text 55")), before.substr(before.find("text 55")));
  for (int i = 0; i < 9; ++i) {
    key(KeyCode::page_up);
    shown(state_);
  }
  EXPECT_THAT(shown(state_), HasSubstr("text 1\n"));
  for (int i = 0; i < 15; ++i) {
    key(KeyCode::page_down);
    shown(state_);
  }
  EXPECT_FALSE(bob().anchor);
  EXPECT_THAT(shown(state_), HasSubstr("text 100"));
}

TEST_F(ViewTest, WhatComesWhileScrolledDoesNotMoveWhatIsSeen) {
  open(testing::page(1, 60));
  shown(state_);
  key(KeyCode::page_up);
  const std::string before = shown(state_);
  take_message(state_, said(kWithBob, 61, kBob, "text 61"));
  const std::string after = shown(state_);
  EXPECT_EQ(after.substr(after.find("text 30"), 200), before.substr(before.find("text 30"), 200));
}

TEST_F(ViewTest, AskingForOlderThatFailedWaitsForTheUser) {
  open(testing::page(90, 100));
  state_.size = {80, 40};
  shown(state_);
  EXPECT_TRUE(testing::wants(state_, LoadOlder{kWithBob}));
  state_.commands.clear();
  take_failure(state_, LoadOlder{kWithBob}, Error(ErrorCode::internal, "broken"));
  EXPECT_THAT(shown(state_), HasSubstr("Earlier messages could not be loaded: broken"));
  EXPECT_FALSE(testing::wants(state_, LoadOlder{kWithBob}));
  key(KeyCode::page_up);
  shown(state_);
  EXPECT_TRUE(testing::wants(state_, LoadOlder{kWithBob}));
}

TEST_F(ViewTest, NarrowScreensShowOneThing) {
  open(testing::page(1, 3));
  state_.size = {40, 12};
  std::string text = shown(state_);
  EXPECT_THAT(text, HasSubstr("text 3"));
  EXPECT_THAT(text, Not(HasSubstr("Team")));
  key(KeyCode::escape);
  text = shown(state_);
  EXPECT_THAT(text, HasSubstr("Team"));
}

TEST_F(ViewTest, AnySizeCanBeDrawn) {
  open(testing::page(1, 30));
  bob().input.insert("a text 中文 that is longer than the line\nwith a second one 😀😀😀");
  state_.asked.emplace_back().set_contact_request_id(1);
  state_.contacts.emplace_back().set_user_id(kBob);
  for (const Tab tab : {Tab::chats, Tab::friends, Tab::groups}) {
    state_.tab = tab;
    for (int columns = 1; columns < 100; columns += columns < 30 ? 1 : 7) {
      for (int rows = 1; rows < 50; rows += rows < 14 ? 1 : 9) {
        state_.size = {columns, rows};
        const Frame frame = draw(state_);
        settle(state_, frame);
        for (int row = 0; row < rows; ++row) ASSERT_LE(columns_of(frame.grid.row_text(row)), columns);
        if (frame.cursor) {
          EXPECT_LT(frame.cursor->row, std::max(rows, 2)) << columns << "x" << rows;
        }
      }
    }
  }
}

TEST_F(ViewTest, FriendsShowRequestsWithTheirGreeting) {
  list();
  Friends friends;
  v1::ContactRequest& request = friends.received.emplace_back();
  request.set_contact_request_id(50);
  request.set_from_user_id(testing::kCarol);
  request.set_message("hi, it is me");
  request.set_state(v1::CONTACT_REQUEST_STATE_PENDING);
  request.set_time_ms(kNow);
  friends.contacts.emplace_back().set_user_id(kBob);
  friends.contacts.back().set_starred(true);
  take_friends(state_, friends);
  EXPECT_THAT(shown(state_), HasSubstr("Carol wants to be your friend"));
  key(KeyCode::friends);
  const std::string text = shown(state_);
  EXPECT_THAT(text, HasSubstr("F2 Friends 1"));
  EXPECT_THAT(text, HasSubstr("New friends (1)"));
  EXPECT_THAT(text, HasSubstr("“hi, it is me”"));
  EXPECT_THAT(text, HasSubstr("Enter accepts, Ctrl-X rejects"));
  EXPECT_THAT(text, HasSubstr("Add a friend: "));
  EXPECT_THAT(text, HasSubstr("★"));
}

TEST_F(ViewTest, HelpAndTheStateOfTheConnectionAreShown) {
  state_.link = Link::down;
  EXPECT_THAT(shown(state_), HasSubstr("reconnecting…"));
  key(KeyCode::help);
  EXPECT_THAT(shown(state_), HasSubstr("log this terminal out"));
}

}  // namespace
}  // namespace hongyan::chat::screen
