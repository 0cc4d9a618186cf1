#include "app/chat/screen/text/words.h"

#include <gtest/gtest.h>

#include "app/chat/screen/testing/states.h"

namespace hongyan::chat::screen {
namespace {

using testing::kAlice;
using testing::kMinute;
using testing::kNow;
using testing::line;

class WordsTest : public ::testing::Test {
 protected:
  WordsTest() {
    names_.learn(kAlice, "Alice");
    names_.learn(testing::kBob, "Bob");
    names_.learn(testing::kCarol, "Carol");
  }
  std::string words(std::string code, const std::vector<std::pair<std::string, std::string>>& params) {
    return words_of(line(8, 1, std::move(code), params).content(), names_);
  }

  Names names_{kAlice};
};

TEST_F(WordsTest, LinesOfGroupsAreSentences) {
  EXPECT_EQ(words("group_created", {{"by", "2"}, {"user_ids", "1,2,3"}}), "Bob created the group with you, Carol");
  EXPECT_EQ(words("member_added", {{"by", "1"}, {"user_ids", "3"}}), "You added Carol");
  EXPECT_EQ(words("member_removed", {{"by", "2"}, {"user_id", "1"}}), "Bob removed you");
  EXPECT_EQ(words("member_left", {{"user_id", "3"}}), "Carol left the group");
  EXPECT_EQ(words("member_joined", {{"user_id", "3"}, {"by", "2"}}), "Carol joined the group through Bob");
  EXPECT_EQ(words("role_changed", {{"by", "2"}, {"user_id", "3"}, {"role", "admin"}}), "Bob made Carol an admin");
  EXPECT_EQ(words("role_changed", {{"by", "2"}, {"user_id", "3"}, {"role", "member"}}),
            "Bob took the admin role from Carol");
  EXPECT_EQ(words("group_renamed", {{"by", "2"}, {"name", "鸿雁"}}), "Bob renamed the group to “鸿雁”");
  EXPECT_EQ(words("all_muted", {{"by", "2"}}), "Bob muted everybody");
  EXPECT_EQ(words("notice_changed", {{"by", "2"}, {"text", "Monday"}}), "Bob posted a notice: Monday");
  EXPECT_EQ(words("nickname_changed", {{"by", "3"}, {"user_id", "3"}, {"nickname", "C"}}),
            "Carol chose the group nickname “C”");
  EXPECT_EQ(words("group_dissolved", {{"by", "1"}}), "You dissolved the group");
  EXPECT_EQ(words("contact_added", {{"by", "2"}, {"user_id", "1"}, {"message", "it is me"}}),
            "Bob accepted your friend request. You can chat now\nYou: it is me");
}

TEST_F(WordsTest, ManyPeopleAreCounted) {
  EXPECT_EQ(words("member_added", {{"by", "2"}, {"user_ids", "3,3,3,3,3,3,3,3"}}),
            "Bob added Carol, Carol, Carol, Carol, Carol, Carol and others (8 people)");
}

TEST_F(WordsTest, WhatIsNotKnownIsSaidToBe) {
  EXPECT_EQ(words("something_new", {}), "[a message this client cannot show]");
  v1::Content content;
  content.set_fallback("a poll");
  EXPECT_EQ(words_of(content, names_), "a poll");
  content.mutable_location()->set_name("Tower");
  EXPECT_EQ(words_of(content, names_), "[place] Tower");
}

TEST_F(WordsTest, PreviewsNameWhoSpeaksInGroupsAndOneself) {
  EXPECT_EQ(preview_of(testing::said(7, 1, testing::kBob, "hi"), names_, false), "hi");
  EXPECT_EQ(preview_of(testing::said(7, 1, testing::kBob, "hi"), names_, true), "Bob: hi");
  EXPECT_EQ(preview_of(testing::said(7, 1, kAlice, "hi"), names_, false), "You: hi");
  v1::Message recalled = testing::said(7, 1, testing::kBob, "");
  recalled.mutable_recalled()->set_by(testing::kBob);
  EXPECT_EQ(preview_of(recalled, names_, false), "Bob recalled a message");
}

TEST_F(WordsTest, RefusalsAreSentencesForPeople) {
  EXPECT_EQ(refusal(Error(ErrorCode::not_friend)), "you are not friends");
  EXPECT_EQ(refusal(Error(ErrorCode::blocked)), "messages between you are blocked");
  Error muted(ErrorCode::muted);
  muted.until_ms = kNow;
  EXPECT_EQ(refusal(muted), "you are muted until 2026-11-29 14:00");
  EXPECT_EQ(refusal(Error(ErrorCode::conflict, "It is over.")), "It is over");
}

TEST_F(WordsTest, DaysAreNamedAsPeopleDo) {
  ASSERT_TRUE(testing::kIsUtf8);
  constexpr std::int64_t kDay = 24 * 60 * kMinute;
  EXPECT_EQ(clock_time(kNow), "14:00");
  EXPECT_EQ(day_name(kNow, kNow), "Today");
  EXPECT_EQ(day_name(kNow - kDay, kNow), "Yesterday");
  EXPECT_EQ(day_name(kNow - 5 * kDay, kNow), "Tue 24 Nov");
  EXPECT_EQ(day_name(kNow - 365 * kDay, kNow), "Sat 29 Nov 2025");
  EXPECT_EQ(short_time(kNow - kMinute, kNow), "13:59");
  EXPECT_EQ(short_time(kNow - 5 * kDay, kNow), "24 Nov");
  EXPECT_EQ(short_time(kNow - 365 * kDay, kNow), "2025-11-29");
  EXPECT_FALSE(same_day(kNow, kNow + kDay));
}

TEST_F(WordsTest, NamesWhomALineIsAbout) {
  const auto users = named_in(line(8, 1, "member_added", {{"by", "2"}, {"user_ids", "3,4"}}));
  EXPECT_EQ(users, (std::vector<std::uint64_t>{2, 3, 4}));
}

}  // namespace
}  // namespace hongyan::chat::screen
