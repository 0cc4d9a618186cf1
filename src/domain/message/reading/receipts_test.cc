// Who has read what, who is named, and what people keep to themselves, through the registered handlers on a memory store.
#include "domain/message/reading/receipts.h"

#include <gtest/gtest.h>

#include "domain/message/testing/cast.h"
#include "domain/message/testing/service_fixture.h"

namespace hongyan::message::reading {
namespace {

using conversation::Role;
using testing::code_of;
using testing::kAnna;
using testing::kBert;
using testing::kCarl;
using testing::kGroup;
using testing::kRoom;
using testing::kStranger;

constexpr UserId kDora{11};

class ReceiptsTest : public testing::ServiceFixture {
 protected:
  ReceiptsTest() {
    conversations_.add_group(
        kGroup, {{kAnna, Role::owner}, {kBert, Role::member}, {kCarl, Role::member}, {kDora, Role::member}});
    for (const UserId user : {kCarl, kDora}) accounts_.add(user);
  }

  void line(std::string id, std::vector<UserId> join, std::vector<UserId> leave) {
    SystemLine line{
        .conversation = kGroup, .client_msg_id = std::move(id), .content = {}, .join = join, .leave = leave};
    line.content.mutable_system()->set_code("members");
    ASSERT_TRUE(wait(service_->append_system_line(std::move(line), in_time())));
  }
  // A notice of the group; answers the seq of its line.
  std::int64_t announce(UserId by, bool notify_all) {
    SystemLine line{.conversation = kGroup,
                    .client_msg_id = "notice-" + std::to_string(++sent_),
                    .content = {},
                    .join = {},
                    .leave = {}};
    v1::SystemContent& content = *line.content.mutable_system();
    content.set_code("notice_changed");
    (*content.mutable_params())["by"] = std::to_string(by.value);
    if (notify_all) (*content.mutable_params())["notify_all"] = "true";
    return wait(service_->append_system_line(std::move(line), in_time())).value().seq.value;
  }
  // Answers the seq.
  std::int64_t say(UserId user, ConversationId where, std::vector<UserId> named = {}, bool all = false) {
    v1::SendRequest request;
    request.set_conversation_id(where.value);
    request.set_client_msg_id("c" + std::to_string(++sent_));
    *request.mutable_content() = testing::text("words");
    for (const UserId one : named) request.mutable_mentions()->add_user_ids(one.value);
    if (all) request.mutable_mentions()->set_all(true);
    const auto sent = call<v1::SendResponse>("message.send", user, request);
    EXPECT_TRUE(sent);
    return sent ? sent->seq() : 0;
  }
  Result<v1::ListReceiptsResponse> receipts(UserId user, ConversationId where, std::int64_t seq, int limit = 200,
                                            std::string cursor = {}) {
    v1::ListReceiptsRequest request;
    request.set_conversation_id(where.value);
    request.set_seq(seq);
    request.set_limit(limit);
    request.set_cursor(std::move(cursor));
    return call<v1::ListReceiptsResponse>("message.receipts", user, request);
  }
  // "user state" of each.
  static std::vector<std::string> shown(const v1::ListReceiptsResponse& page) {
    std::vector<std::string> lines;
    for (const v1::ReceiptItem& item : page.items()) {
      lines.push_back(std::to_string(item.user_id()) + (item.read()        ? " read"
                                                        : item.delivered() ? " delivered"
                                                                           : " sent"));
    }
    return lines;
  }
  std::vector<std::string> states(UserId user, ConversationId where, std::int64_t seq) {
    return shown(receipts(user, where, seq).value());
  }
  void reads(UserId user, ConversationId where, std::int64_t seq, MarkKind kind = MarkKind::read) {
    ASSERT_TRUE(wait(service_->mark(kind, user, membership(user, where), Seq(seq), in_time())));
  }
  Summary summary_of(UserId user, ConversationId where) {
    return wait(service_->summaries(user, {membership(user, where)}, in_time())).value().front();
  }
  Marks marks_of(UserId user) { return wait(service_->marks(membership(user), in_time())).value(); }

 private:
  int sent_ = 0;
};

using Lines = std::vector<std::string>;

TEST_F(ReceiptsTest, OfAOneToOneTheOtherPerson) {
  const std::int64_t seq = say(kAnna, kRoom);
  EXPECT_EQ(states(kAnna, kRoom, seq), Lines{"8 sent"});
  reads(kBert, kRoom, seq, MarkKind::delivered);
  EXPECT_EQ(states(kAnna, kRoom, seq), Lines{"8 delivered"});
  reads(kBert, kRoom, seq);
  const auto page = receipts(kAnna, kRoom, seq).value();
  EXPECT_EQ(shown(page), Lines{"8 read"});
  EXPECT_EQ(page.read_count(), 1);
  EXPECT_EQ(page.member_count(), 1);
  ASSERT_EQ(page.users_size(), 1);
  EXPECT_EQ(page.users(0).user_id(), kBert.value);
  EXPECT_FALSE(page.has_next_cursor());
}

TEST_F(ReceiptsTest, OnlyTheSenderLearnsThem) {
  const std::int64_t seq = say(kAnna, kRoom);
  EXPECT_EQ(code_of(receipts(kBert, kRoom, seq)), ErrorCode::permission_denied);
  EXPECT_EQ(code_of(receipts(kStranger, kRoom, seq)), ErrorCode::not_found);
  EXPECT_EQ(code_of(receipts(kAnna, kRoom, seq + 1)), ErrorCode::not_found);
  EXPECT_EQ(receipts(kAnna, kRoom, seq, 0).error().field, "limit");
}

TEST_F(ReceiptsTest, OfAGroupThoseWhoSeeTheMessage) {
  line("made", {kAnna, kBert, kCarl}, {});
  const std::int64_t before = say(kAnna, kGroup);
  line("joins", {kDora}, {});
  const std::int64_t after = say(kAnna, kGroup);
  for (const UserId user : {kBert, kDora}) reads(user, kGroup, after);
  EXPECT_EQ(states(kAnna, kGroup, before), (Lines{"8 read", "10 sent"})) << "Dora came later";
  EXPECT_EQ(states(kAnna, kGroup, after), (Lines{"8 read", "10 sent", "11 read"}));

  line("leaves", {}, {kBert});
  conversations_.put_out(kGroup, kBert);
  EXPECT_EQ(states(kAnna, kGroup, after), (Lines{"10 sent", "11 read"}));
  EXPECT_EQ(code_of(receipts(kAnna, kGroup, 1)), ErrorCode::permission_denied) << "the server's own line";
  EXPECT_EQ(code_of(receipts(kDora, kGroup, before)), ErrorCode::not_found) << "below what she sees";
}

TEST_F(ReceiptsTest, WhoComesBackDoesNotSeeWhatWasSaidBefore) {
  line("made", {kAnna, kBert, kCarl}, {});
  const std::int64_t seq = say(kAnna, kGroup);
  reads(kBert, kGroup, seq);
  line("leaves", {}, {kBert});
  line("returns", {kBert}, {});
  EXPECT_EQ(states(kAnna, kGroup, seq), Lines{"10 sent"});
}

TEST_F(ReceiptsTest, FormerMembersLearnNothingMore) {
  line("made", {kAnna, kBert, kCarl}, {});
  const std::int64_t seq = say(kBert, kGroup);
  line("leaves", {}, {kBert});
  conversations_.put_out(kGroup, kBert);
  EXPECT_EQ(code_of(receipts(kBert, kGroup, seq)), ErrorCode::not_member);
}

TEST_F(ReceiptsTest, PagesMeetAndCountEverybody) {
  line("made", {kAnna, kBert, kCarl, kDora}, {});
  const std::int64_t seq = say(kAnna, kGroup);
  reads(kDora, kGroup, seq);
  Lines seen;
  std::string cursor;
  for (int pages = 1;; ++pages) {
    const auto page = receipts(kAnna, kGroup, seq, 1, cursor).value();
    EXPECT_EQ(page.read_count(), 1);
    EXPECT_EQ(page.member_count(), 3);
    EXPECT_EQ(page.users_size(), 1);
    seen.push_back(shown(page).at(0));
    ASSERT_EQ(page.has_next_cursor(), pages < 3);
    if (!page.has_next_cursor()) break;
    cursor = page.next_cursor();
  }
  EXPECT_EQ(seen, (Lines{"8 sent", "10 sent", "11 read"}));
  const std::int64_t other = say(kAnna, kGroup);
  EXPECT_EQ(receipts(kAnna, kGroup, other, 1, cursor).error().field, "cursor") << "of another message";
}

TEST_F(ReceiptsTest, WhatSomebodyKeepsToThemselvesLooksLikeArrived) {
  line("made", {kAnna, kBert, kCarl}, {});
  const std::int64_t seq = say(kAnna, kGroup);
  for (const UserId user : {kBert, kCarl}) reads(user, kGroup, seq);
  privacy_.hide_receipts(kBert);
  EXPECT_EQ(states(kAnna, kGroup, seq), (Lines{"8 delivered", "10 read"}));
  privacy_.hide_receipts(kAnna);
  const auto page = receipts(kAnna, kGroup, seq).value();
  EXPECT_EQ(shown(page), (Lines{"8 delivered", "10 delivered"})) << "who tells nothing is told nothing";
  EXPECT_EQ(page.read_count(), 0);
}

TEST_F(ReceiptsTest, NeitherSideOfAOneToOneSeesWhatOneOfThemKeeps) {
  const std::int64_t seq = say(kAnna, kRoom);
  reads(kBert, kRoom, seq);
  EXPECT_EQ(summary(kAnna).peer_read, Seq(seq));
  for (const UserId hider : {kAnna, kBert}) {
    privacy_.hide_receipts(hider);
    for (const UserId user : {kAnna, kBert}) {
      EXPECT_EQ(summary(user).peer_read, std::nullopt);
      EXPECT_TRUE(summary(user).peer_delivered);
      EXPECT_EQ(marks_of(user).peer_read, std::nullopt);
      const auto standings = wait(service_->standings(user, {membership(user)}, in_time())).value();
      EXPECT_EQ(standings.front().peer_read, std::nullopt);
      EXPECT_TRUE(standings.front().peer_delivered);
    }
    EXPECT_EQ(summary(kBert).read, Seq(seq)) << "the own mark is one's own";
    privacy_.hide_receipts(hider, false);
  }
  EXPECT_EQ(marks_of(kAnna).peer_read, Seq(seq));
}

TEST_F(ReceiptsTest, TheNewestUnreadMessageThatNamesSomebody) {
  line("made", {kAnna, kBert, kCarl}, {});
  EXPECT_EQ(summary_of(kBert, kGroup).mentioned, std::nullopt);
  const std::int64_t first = say(kAnna, kGroup, {kBert});
  const std::int64_t second = say(kCarl, kGroup, {kBert, kCarl});
  say(kAnna, kGroup);
  EXPECT_EQ(summary_of(kBert, kGroup).mentioned, Seq(second));
  EXPECT_EQ(summary_of(kAnna, kGroup).mentioned, std::nullopt);
  EXPECT_EQ(summary_of(kCarl, kGroup).mentioned, std::nullopt) << "who names themselves is not called";

  v1::RecallRequest recall;
  recall.set_conversation_id(kGroup.value);
  recall.set_seq(second);
  ASSERT_TRUE(call<v1::ChangeResponse>("message.recall", kCarl, recall));
  EXPECT_EQ(summary_of(kBert, kGroup).mentioned, Seq(first));

  const std::int64_t everybody = say(kAnna, kGroup, {}, true);
  EXPECT_EQ(summary_of(kBert, kGroup).mentioned, Seq(everybody));
  EXPECT_EQ(summary_of(kCarl, kGroup).mentioned, Seq(everybody));
  EXPECT_EQ(summary_of(kAnna, kGroup).mentioned, std::nullopt) << "her own";
  reads(kCarl, kGroup, everybody);
  EXPECT_EQ(summary_of(kCarl, kGroup).mentioned, std::nullopt);

  v1::DeleteForMeRequest hide;
  hide.set_conversation_id(kGroup.value);
  hide.set_seq(everybody);
  ASSERT_TRUE(call<v1::DeleteForMeResponse>("message.delete_for_me", kBert, hide));
  EXPECT_EQ(summary_of(kBert, kGroup).mentioned, Seq(first));
  reads(kBert, kGroup, first);
  EXPECT_EQ(summary_of(kBert, kGroup).mentioned, std::nullopt);
}

TEST_F(ReceiptsTest, ANoticeForAllNamesEverybodyButItsAuthor) {
  line("made", {kAnna, kBert, kCarl}, {});
  announce(kAnna, false);
  EXPECT_EQ(summary_of(kBert, kGroup).mentioned, std::nullopt);
  const std::int64_t notice = announce(kAnna, true);
  for (const UserId user : {kBert, kCarl}) EXPECT_EQ(summary_of(user, kGroup).mentioned, Seq(notice));
  EXPECT_EQ(summary_of(kAnna, kGroup).mentioned, std::nullopt);
  EXPECT_EQ(summary_of(kBert, kGroup).unread, 0) << "lines are not counted";
  reads(kBert, kGroup, notice);
  EXPECT_EQ(summary_of(kBert, kGroup).mentioned, std::nullopt);
}

TEST_F(ReceiptsTest, WhoComesLaterIsNotNamedByWhatTheyDoNotSee) {
  line("made", {kAnna, kBert}, {});
  say(kAnna, kGroup, {}, true);
  line("joins", {kCarl}, {});
  say(kAnna, kGroup);
  EXPECT_EQ(summary_of(kCarl, kGroup).mentioned, std::nullopt);
  EXPECT_TRUE(summary_of(kBert, kGroup).mentioned);
}

}  // namespace
}  // namespace hongyan::message::reading
