// The use cases of changing, reading back and forwarding messages, and of what a message refers to, through the registered
// handlers on a memory store.
#include <gtest/gtest.h>

#include "domain/message/testing/cast.h"
#include "domain/message/testing/service_fixture.h"
#include "hongyan/v1/conversation.pb.h"

namespace hongyan::message::commands {
namespace {

using conversation::Role;
using testing::code_of;
using testing::kAnna;
using testing::kBert;
using testing::kCarl;
using testing::kGroup;
using testing::kOther;
using testing::kRoom;
using testing::kStranger;
using testing::text;

class CommandsTest : public testing::ServiceFixture {
 protected:
  CommandsTest() {
    conversations_.add_group(kGroup, {{kAnna, Role::owner}, {kBert, Role::member}, {kCarl, Role::member}});
  }

  template <class Request>
  static Request at(std::int64_t seq, ConversationId conversation = kRoom) {
    Request request;
    request.set_conversation_id(conversation.value);
    request.set_seq(seq);
    return request;
  }

  Result<v1::SendResponse> send(UserId user, v1::SendRequest request, ConversationId conversation = kRoom) {
    request.set_conversation_id(conversation.value);
    if (request.client_msg_id().empty()) request.set_client_msg_id("c" + std::to_string(++sent_));
    if (!request.has_content()) *request.mutable_content() = text("words");
    return call<v1::SendResponse>("message.send", user, request);
  }
  Result<v1::SendResponse> say(UserId user, std::string words, ConversationId conversation = kRoom) {
    v1::SendRequest request;
    *request.mutable_content() = text(std::move(words));
    return send(user, request, conversation);
  }
  void line(std::string id, std::vector<UserId> join, std::vector<UserId> leave) {
    SystemLine line{
        .conversation = kGroup, .client_msg_id = std::move(id), .content = {}, .join = join, .leave = leave};
    line.content.mutable_system()->set_code("members");
    ASSERT_TRUE(wait(service_->append_system_line(std::move(line), in_time())));
  }
  Result<v1::ChangeResponse> react(UserId user, std::int64_t seq, std::string emoji, ConversationId where = kRoom) {
    auto request = at<v1::ReactRequest>(seq, where);
    request.set_emoji(std::move(emoji));
    return call<v1::ChangeResponse>("message.react", user, request);
  }
  Result<v1::ChangeResponse> recall(UserId user, std::int64_t seq, ConversationId conversation = kRoom) {
    return call<v1::ChangeResponse>("message.recall", user, at<v1::RecallRequest>(seq, conversation));
  }
  Result<v1::ChangeResponse> pin(UserId user, std::int64_t seq, ConversationId conversation = kRoom) {
    return call<v1::ChangeResponse>("message.pin", user, at<v1::PinRequest>(seq, conversation));
  }
  Result<v1::GetMessageResponse> get(UserId user, std::int64_t seq, ConversationId conversation = kRoom) {
    return call<v1::GetMessageResponse>("message.get", user, at<v1::GetMessageRequest>(seq, conversation));
  }
  Result<v1::ListChangesResponse> changes(UserId user, std::int64_t after, std::int64_t min_seq = 0, int limit = 200) {
    v1::ListChangesRequest request;
    request.set_conversation_id(kRoom.value);
    request.set_after(after);
    request.set_min_seq(min_seq);
    request.set_limit(limit);
    return call<v1::ListChangesResponse>("message.changes", user, request);
  }
  std::vector<std::int64_t> listed(UserId user, ConversationId conversation) {
    v1::ListMessagesRequest request;
    request.set_conversation_id(conversation.value);
    std::vector<std::int64_t> seqs;
    const auto page = call<v1::ListMessagesResponse>("message.list", user, request).value();
    for (const v1::Message& message : page.items()) seqs.push_back(message.seq());
    return seqs;
  }
  Summary summary_of(UserId user, ConversationId conversation) {
    return wait(service_->summaries(user, {membership(user, conversation)}, in_time())).value().front();
  }

 private:
  int sent_ = 0;
};

TEST_F(CommandsTest, EveryChangeAnswersTheWholeMessageWithMine) {
  ASSERT_TRUE(say(kAnna, "hello"));
  const auto reacted = react(kAnna, 1, "👍").value();
  EXPECT_EQ(reacted.change(), 1);
  EXPECT_EQ(reacted.message().reactions(0).count(), 1);
  EXPECT_EQ(reacted.message().mine(0), "👍");
  EXPECT_EQ(react(kBert, 1, "👍").value().message().reactions(0).count(), 2);

  auto edit = at<v1::EditRequest>(1);
  *edit.mutable_content() = text("better");
  const auto edited = call<v1::ChangeResponse>("message.edit", kAnna, edit).value();
  EXPECT_EQ(edited.message().content().text().text(), "better");
  EXPECT_EQ(edited.message().edited_ms(), clock_.now().value);
  EXPECT_TRUE(pin(kBert, 1).value().message().pinned());
  auto unreact = at<v1::UnreactRequest>(1);
  unreact.set_emoji("👍");
  EXPECT_EQ(call<v1::ChangeResponse>("message.unreact", kAnna, unreact).value().message().mine_size(), 0);
  EXPECT_FALSE(call<v1::ChangeResponse>("message.unpin", kAnna, at<v1::UnpinRequest>(1)).value().message().pinned());
  const auto recalled = recall(kAnna, 1).value();
  EXPECT_EQ(recalled.change(), 7);
  EXPECT_EQ(recalled.message().recalled().by(), kAnna.value);
  EXPECT_FALSE(recalled.message().has_content());
  EXPECT_EQ(get(kBert, 1).value().message().change(), 7);
}

TEST_F(CommandsTest, StrangersAndFormerMembersAreRefusedEverything) {
  ASSERT_TRUE(say(kAnna, "hello"));
  for (const std::int64_t seq : {1, 99}) {
    const UserId who = seq == 1 ? kStranger : kBert;
    EXPECT_EQ(code_of(get(who, seq)), ErrorCode::not_found);
    EXPECT_EQ(code_of(react(who, seq, "👍")), ErrorCode::not_found);
    EXPECT_EQ(code_of(recall(who, seq)), ErrorCode::not_found);
    EXPECT_EQ(code_of(pin(who, seq)), ErrorCode::not_found);
  }
  EXPECT_EQ(code_of(changes(kStranger, 0)), ErrorCode::not_found);
  line("sys-1", {kAnna, kBert, kCarl}, {});
  ASSERT_TRUE(say(kBert, "bye", kGroup));
  line("sys-2", {}, {kBert});
  conversations_.put_out(kGroup, kBert);
  EXPECT_EQ(code_of(recall(kBert, 2, kGroup)), ErrorCode::not_member);
  EXPECT_EQ(code_of(react(kBert, 2, "👍", kGroup)), ErrorCode::not_member);
  EXPECT_TRUE(get(kBert, 2, kGroup)) << "what they may read they may still read";
}

TEST_F(CommandsTest, InAGroupWhoOutranksTheSenderRecalls) {
  line("sys-1", {kAnna, kBert, kCarl}, {});
  ASSERT_TRUE(say(kBert, "rude", kGroup));
  ASSERT_TRUE(say(kAnna, "rules", kGroup));
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(code_of(recall(kCarl, 2, kGroup)), ErrorCode::permission_denied);
  EXPECT_EQ(code_of(recall(kBert, 2, kGroup)), ErrorCode::recall_window_passed);
  EXPECT_EQ(code_of(recall(kBert, 3, kGroup)), ErrorCode::permission_denied);
  EXPECT_EQ(recall(kAnna, 2, kGroup).value().message().recalled().by(), kAnna.value);
  EXPECT_EQ(code_of(recall(kAnna, 3, kGroup)), ErrorCode::recall_window_passed);
  EXPECT_EQ(code_of(recall(kAnna, 1, kGroup)), ErrorCode::permission_denied) << "a system line";
}

TEST_F(CommandsTest, AMemberSeesWhatLiesBetweenTheirLines) {
  line("sys-1", {kAnna, kBert}, {});
  ASSERT_TRUE(say(kAnna, "before", kGroup));
  EXPECT_TRUE(listed(kCarl, kGroup).empty()) << "a member whose line is not there yet";
  line("sys-2", {kCarl}, {});
  ASSERT_TRUE(say(kAnna, "between", kGroup));
  line("sys-3", {}, {kCarl});
  conversations_.put_out(kGroup, kCarl);
  ASSERT_TRUE(say(kAnna, "after", kGroup));

  EXPECT_EQ(listed(kCarl, kGroup), (std::vector<std::int64_t>{3, 4, 5}));
  EXPECT_EQ(listed(kAnna, kGroup), (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(code_of(get(kCarl, 2, kGroup)), ErrorCode::not_found);
  EXPECT_EQ(code_of(get(kCarl, 6, kGroup)), ErrorCode::not_found);
  const Summary summary = summary_of(kCarl, kGroup);
  EXPECT_EQ(summary.head, Seq(5));
  EXPECT_EQ(summary.unread, 1);
  EXPECT_EQ(summary.last_message->seq(), 5);
  EXPECT_EQ(wait(service_->bounds({{kCarl, kGroup}, {kStranger, kGroup}}, in_time())).value(),
            (std::vector<std::optional<Bound>>{Bound{Seq(3), Seq(5)}, std::nullopt}));
}

TEST_F(CommandsTest, AQuoteIsASnapshotUntilWhatItQuotesIsRecalled) {
  ASSERT_TRUE(say(kAnna, "question"));
  v1::SendRequest answer;
  answer.set_quote_seq(1);
  ASSERT_TRUE(send(kBert, answer));
  EXPECT_EQ(get(kAnna, 2).value().message().quote().content().text().text(), "question");
  EXPECT_EQ(get(kAnna, 2).value().message().quote().sender_id(), kAnna.value);
  ASSERT_TRUE(recall(kAnna, 1));
  EXPECT_TRUE(get(kAnna, 2).value().message().has_quote());
  EXPECT_FALSE(get(kAnna, 2).value().message().quote().has_content());
  EXPECT_FALSE(summary_of(kAnna, kRoom).last_message->quote().has_content());
  EXPECT_EQ(code_of(send(kBert, answer)), ErrorCode::message_recalled);
  answer.set_quote_seq(99);
  EXPECT_EQ(code_of(send(kBert, answer)), ErrorCode::not_found);
  answer.set_quote_seq(0);
  EXPECT_EQ(code_of(send(kBert, answer)), ErrorCode::invalid_argument);
}

TEST_F(CommandsTest, ARepeatIsAnsweredWhateverHasBecomeOfWhatItRefersTo) {
  ASSERT_TRUE(say(kAnna, "question"));
  v1::SendRequest answer;
  answer.set_client_msg_id("answer");
  answer.set_quote_seq(1);
  const auto first = send(kBert, answer).value();
  ASSERT_TRUE(recall(kAnna, 1));
  EXPECT_EQ(send(kBert, answer).value().message_id(), first.message_id());
  answer.clear_quote_seq();
  EXPECT_EQ(code_of(send(kBert, answer)), ErrorCode::conflict);
}

TEST_F(CommandsTest, WhatAMessageRefersToMustBeThere) {
  v1::SendRequest request;
  request.mutable_content()->mutable_card()->set_user_id(12345);
  EXPECT_EQ(code_of(send(kAnna, request)), ErrorCode::not_found);
  request.mutable_content()->mutable_card()->set_user_id(kStranger.value);
  EXPECT_TRUE(send(kAnna, request));
  request.mutable_content()->mutable_image()->set_file_id(1);
  request.mutable_content()->mutable_image()->set_width(1);
  EXPECT_EQ(code_of(send(kAnna, request)), ErrorCode::invalid_argument) << "the shape comes first";
  request.mutable_content()->mutable_image()->set_height(1);
  EXPECT_EQ(code_of(send(kAnna, request)), ErrorCode::not_found);
}

TEST_F(CommandsTest, OnlyMembersAreMentionedAndAllOnlyByModerators) {
  v1::SendRequest request;
  request.mutable_mentions()->add_user_ids(kBert.value);
  EXPECT_TRUE(send(kAnna, request));
  request.mutable_mentions()->add_user_ids(kStranger.value);
  EXPECT_EQ(code_of(send(kAnna, request)), ErrorCode::invalid_argument);
  line("sys-1", {kAnna, kBert}, {});
  EXPECT_EQ(code_of(send(kAnna, request, kGroup)), ErrorCode::invalid_argument);
  request.mutable_mentions()->clear_user_ids();
  request.mutable_mentions()->add_user_ids(kBert.value);
  EXPECT_TRUE(send(kAnna, request, kGroup));
  line("sys-2", {}, {kBert});
  EXPECT_EQ(code_of(send(kAnna, request, kGroup)), ErrorCode::invalid_argument);
  request.mutable_mentions()->clear_user_ids();
  request.mutable_mentions()->set_all(true);
  EXPECT_TRUE(send(kAnna, request, kGroup));
  EXPECT_EQ(code_of(send(kCarl, request, kGroup)), ErrorCode::permission_denied);
  EXPECT_EQ(code_of(send(kAnna, request, kRoom)), ErrorCode::permission_denied);
}

TEST_F(CommandsTest, ChangesAreListedOnceEachAtTheirLast) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(say(kAnna, "words"));
  ASSERT_TRUE(react(kAnna, 1, "a"));
  ASSERT_TRUE(react(kAnna, 2, "a"));
  ASSERT_TRUE(react(kAnna, 1, "b"));
  ASSERT_TRUE(react(kAnna, 3, "a"));
  auto page = changes(kBert, 0).value();
  ASSERT_EQ(page.items_size(), 3);
  EXPECT_EQ(page.items(0).seq(), 2);
  EXPECT_EQ(page.items(1).seq(), 1);
  EXPECT_EQ(page.items(1).reactions_size(), 2);
  EXPECT_EQ(page.items(1).mine_size(), 0);
  EXPECT_EQ(page.items(2).seq(), 3);
  EXPECT_EQ(page.up_to_change(), 4);
  EXPECT_FALSE(page.more());
  page = changes(kBert, 0, 2, 2).value();
  ASSERT_EQ(page.items_size(), 1);
  EXPECT_EQ(page.items(0).seq(), 2);
  EXPECT_EQ(page.up_to_change(), 2);
  EXPECT_TRUE(page.more());
  // What changes again before the page is read is in it all the same.
  page = changes(kBert, 0, 0, 2).value();
  ASSERT_EQ(page.items_size(), 2);
  EXPECT_EQ(page.items(0).seq(), 1);
  EXPECT_EQ(page.items(0).change(), 3);
  EXPECT_EQ(page.up_to_change(), 2);
  page = changes(kBert, 4).value();
  EXPECT_EQ(page.items_size(), 0);
  EXPECT_EQ(page.up_to_change(), 4);
  EXPECT_EQ(code_of(changes(kBert, -1)), ErrorCode::invalid_argument);
}

TEST_F(CommandsTest, WhoIsAheadOrFarBehindBeginsAnew) {
  ASSERT_TRUE(say(kAnna, "words"));
  ASSERT_TRUE(react(kAnna, 1, "a"));
  const auto ahead = changes(kBert, 2).value();
  EXPECT_EQ(ahead.reset().seq(), 1);
  EXPECT_EQ(ahead.reset().change(), 1);
  CommitBatch batch;
  batch.heads = {{kRoom, Head{Seq(1), ChangeNo(kMaxChanges + 1), Seq(1), Ordinal(1), TimeMs(1)}}};
  ASSERT_TRUE(store_.commit(batch));
  EXPECT_TRUE(changes(kBert, 0).value().has_reset());
  EXPECT_FALSE(changes(kBert, 1).value().has_reset());
}

TEST_F(CommandsTest, ReactionsAreListedInOrderPageByPage) {
  ASSERT_TRUE(say(kAnna, "words"));
  for (const auto& [user, emoji] :
       std::vector<std::pair<UserId, std::string>>{{kBert, "b"}, {kAnna, "a"}, {kBert, "a"}}) {
    ASSERT_TRUE(react(user, 1, emoji));
    clock_.advance(std::chrono::milliseconds(1));
  }
  auto request = at<v1::ListReactionsRequest>(1);
  request.set_limit(2);
  const auto list = [&] { return call<v1::ListReactionsResponse>("message.reactions", kAnna, request); };
  auto page = list().value();
  ASSERT_EQ(page.items_size(), 2);
  EXPECT_EQ(page.items(0).emoji(), "b");
  EXPECT_EQ(page.items(0).user_id(), kBert.value);
  EXPECT_EQ(page.items(1).user_id(), kAnna.value);
  request.set_cursor(page.next_cursor());
  page = list().value();
  ASSERT_EQ(page.items_size(), 1);
  EXPECT_EQ(page.items(0).user_id(), kBert.value);
  EXPECT_FALSE(page.has_next_cursor());
  request.set_emoji("b");
  EXPECT_EQ(code_of(list()), ErrorCode::invalid_argument) << "a cursor of another list";
  request.clear_cursor();
  EXPECT_EQ(list().value().items_size(), 1);
}

TEST_F(CommandsTest, PinsComeLastPinnedFirst) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(say(kAnna, "words"));
  for (const std::int64_t seq : {2, 1, 3}) {
    ASSERT_TRUE(pin(kAnna, seq));
    clock_.advance(std::chrono::milliseconds(1));
  }
  ASSERT_TRUE(recall(kAnna, 1));
  v1::ListPinsRequest request;
  request.set_conversation_id(kRoom.value);
  const auto page = call<v1::ListPinsResponse>("message.pins", kBert, request).value();
  ASSERT_EQ(page.items_size(), 2);
  EXPECT_EQ(page.items(0).seq(), 3);
  EXPECT_EQ(page.items(1).seq(), 2);
}

TEST_F(CommandsTest, WhatIsDeletedForMeIsGoneForMeAlone) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(say(kAnna, "words"));
  ASSERT_TRUE(pin(kAnna, 3));
  const auto remove = [&](UserId user, std::int64_t seq) {
    return call<v1::DeleteForMeResponse>("message.delete_for_me", user, at<v1::DeleteForMeRequest>(seq));
  };
  EXPECT_TRUE(remove(kBert, 3));
  EXPECT_TRUE(remove(kBert, 3)) << "a repeat is harmless";
  EXPECT_EQ(code_of(remove(kBert, 9)), ErrorCode::not_found);
  EXPECT_EQ(code_of(remove(kStranger, 3)), ErrorCode::not_found);
  EXPECT_EQ(listed(kBert, kRoom), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(code_of(get(kBert, 3)), ErrorCode::not_found);
  EXPECT_EQ(code_of(react(kBert, 3, "a")), ErrorCode::not_found);
  EXPECT_EQ(changes(kBert, 0).value().items_size(), 0);
  EXPECT_EQ(changes(kBert, 0).value().up_to_change(), 1);
  EXPECT_EQ(summary_of(kBert, kRoom).last_message->seq(), 2);
  EXPECT_EQ(summary_of(kBert, kRoom).head, Seq(3));
  EXPECT_EQ(listed(kAnna, kRoom), (std::vector<std::int64_t>{1, 2, 3}));
}

TEST_F(CommandsTest, WhatIsDeletedForMeIsToldToTheOtherDevices) {
  ASSERT_TRUE(say(kAnna, "words"));
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(call<v1::DeleteForMeResponse>("message.delete_for_me", kBert, at<v1::DeleteForMeRequest>(1)));
    // A repeat tells them again: nobody knows whether the first has.
    const auto events = events_.take();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].user, kBert);
    EXPECT_EQ(events[0].kind + " " + events[0].key, "deleted 100/1");
    v1::DeletedEvent state;
    ASSERT_TRUE(state.ParseFromString(events[0].state));
    EXPECT_EQ(state.conversation_id(), kRoom.value);
    EXPECT_EQ(state.seq(), 1);
  }
  EXPECT_FALSE(call<v1::DeleteForMeResponse>("message.delete_for_me", kBert, at<v1::DeleteForMeRequest>(9)));
  EXPECT_TRUE(events_.take().empty());
}

TEST_F(CommandsTest, OfTwoClearingsAtOnceTheFurtherOneIsToldLast) {
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(say(kAnna, "words"));
  events_.meanwhile([this] { EXPECT_TRUE(store_.clear({{kBert, kRoom}, Seq(3)})); });
  v1::ClearRequest request;
  request.set_conversation_id(kRoom.value);
  request.set_up_to_seq(2);
  EXPECT_EQ(call<v1::ClearResponse>("conversation.clear", kBert, request)->up_to_seq(), 3);
  std::vector<std::int64_t> told;
  for (const account::UserEvent& event : events_.take()) {
    v1::ClearedEvent state;
    ASSERT_TRUE(state.ParseFromString(event.state));
    told.push_back(state.up_to_seq());
  }
  EXPECT_EQ(told, (std::vector<std::int64_t>{2, 3}));
}

TEST_F(CommandsTest, WhatIsClearedIsGoneForMeAlone) {
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(say(kAnna, "words"));
  ASSERT_TRUE(pin(kAnna, 2));
  const auto clear = [&](UserId user, std::int64_t up_to) -> Result<std::int64_t> {
    v1::ClearRequest request;
    request.set_conversation_id(kRoom.value);
    request.set_up_to_seq(up_to);
    HY_TRY(const auto response, call<v1::ClearResponse>("conversation.clear", user, request));
    return response.up_to_seq();
  };
  EXPECT_EQ(clear(kBert, 2).value(), 2);
  EXPECT_EQ(clear(kBert, 1).value(), 2) << "it never falls";
  EXPECT_EQ(listed(kBert, kRoom), (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(code_of(get(kBert, 2)), ErrorCode::not_found);
  EXPECT_EQ(code_of(react(kBert, 2, "a")), ErrorCode::not_found);
  EXPECT_EQ(changes(kBert, 0).value().items_size(), 0);
  EXPECT_EQ(summary_of(kBert, kRoom).unread, 2);
  EXPECT_EQ(summary_of(kBert, kRoom).last_message->seq(), 4);

  EXPECT_EQ(clear(kBert, 99).value(), 4) << "clamped to the head";
  EXPECT_TRUE(listed(kBert, kRoom).empty());
  EXPECT_FALSE(summary_of(kBert, kRoom).last_message);
  EXPECT_EQ(summary_of(kBert, kRoom).unread, 0);
  EXPECT_EQ(summary_of(kBert, kRoom).head, Seq(4));
  ASSERT_TRUE(say(kAnna, "news"));
  EXPECT_EQ(listed(kBert, kRoom), (std::vector<std::int64_t>{5}));
  EXPECT_EQ(listed(kAnna, kRoom), (std::vector<std::int64_t>{1, 2, 3, 4, 5}));

  EXPECT_EQ(code_of(clear(kStranger, 1)), ErrorCode::not_found);
  EXPECT_EQ(code_of(clear(kBert, -1)), ErrorCode::invalid_argument);
  std::vector<std::int64_t> told;
  for (const account::UserEvent& event : events_.take()) {
    EXPECT_EQ(event.kind + " " + event.key, "cleared 100");
    v1::ClearedEvent state;
    ASSERT_TRUE(state.ParseFromString(event.state));
    told.push_back(state.up_to_seq());
  }
  EXPECT_EQ(told, (std::vector<std::int64_t>{2, 2, 4}));
}

TEST_F(CommandsTest, AFailedDeletionReopensTheStore) {
  ASSERT_TRUE(say(kAnna, "words"));
  store_.plan({testing::Fault::before_write});
  EXPECT_FALSE(call<v1::DeleteForMeResponse>("message.delete_for_me", kBert, at<v1::DeleteForMeRequest>(1)));
  while (store_.reopens() == 0 || !sequencer_->ready()) std::this_thread::yield();
  EXPECT_TRUE(call<v1::DeleteForMeResponse>("message.delete_for_me", kBert, at<v1::DeleteForMeRequest>(1)));
}

v1::ForwardRequest forward_of(std::vector<std::int64_t> seqs, std::vector<ConversationId> targets,
                              bool merged = false) {
  v1::ForwardRequest request;
  request.set_client_msg_id("f");
  for (const std::int64_t seq : seqs) {
    request.add_items()->set_conversation_id(kRoom.value);
    request.mutable_items()->rbegin()->set_seq(seq);
  }
  for (const ConversationId target : targets) request.add_targets(target.value);
  request.set_merged(merged);
  request.set_title(merged ? "talk" : "");
  return request;
}

TEST_F(CommandsTest, ForwardsOneByOneToEachTargetInOrder) {
  ASSERT_TRUE(say(kBert, "one"));
  ASSERT_TRUE(say(kAnna, "two"));
  line("sys-1", {kAnna, kBert}, {});
  const auto request = forward_of({1, 2, 99}, {kOther, kGroup, ConversationId(555)});
  const auto response = call<v1::ForwardResponse>("message.forward", kAnna, request).value();
  ASSERT_EQ(response.results_size(), 9);
  EXPECT_EQ(response.results(0).sent().seq(), 1);
  EXPECT_EQ(response.results(1).sent().seq(), 2);
  EXPECT_EQ(response.results(1).item(), 1);
  EXPECT_EQ(response.results(2).error().code(), "not_found");
  EXPECT_EQ(response.results(3).conversation_id(), kGroup.value);
  EXPECT_EQ(response.results(4).sent().seq(), 3);
  EXPECT_EQ(response.results(6).error().code(), "not_found");
  const auto copy = get(kBert, 1, kOther).value().message();
  EXPECT_EQ(copy.content().text().text(), "one");
  EXPECT_EQ(copy.sender_id(), kAnna.value);
  EXPECT_EQ(copy.client_msg_id().front(), '~');

  // The same again, although one of them is gone by now.
  ASSERT_TRUE(recall(kBert, 1));
  const auto again = call<v1::ForwardResponse>("message.forward", kAnna, request).value();
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(again.results(i).sent().message_id(), response.results(i).sent().message_id()) << i;
  }
  auto other = request;
  other.set_client_msg_id("g");
  EXPECT_EQ(call<v1::ForwardResponse>("message.forward", kAnna, other).value().results(0).error().code(),
            "message_recalled");
}

TEST_F(CommandsTest, ForwardsMergedAsOneMessage) {
  ASSERT_TRUE(say(kBert, "one"));
  ASSERT_TRUE(say(kAnna, "two"));
  const auto response = call<v1::ForwardResponse>("message.forward", kAnna, forward_of({2, 1}, {kOther}, true)).value();
  ASSERT_EQ(response.results_size(), 1);
  EXPECT_FALSE(response.results(0).has_item());
  const auto merged = get(kBert, response.results(0).sent().seq(), kOther).value().message().content().merged();
  EXPECT_EQ(merged.title(), "talk");
  ASSERT_EQ(merged.items_size(), 2);
  EXPECT_EQ(merged.items(0).content().text().text(), "two");
  EXPECT_EQ(merged.items(1).sender_id(), kBert.value);
  auto conflicting = forward_of({2, 1}, {kOther}, true);
  conflicting.set_title("another");
  EXPECT_EQ(call<v1::ForwardResponse>("message.forward", kAnna, conflicting).value().results(0).error().code(),
            "conflict");
  auto with_missing = forward_of({2, 99}, {kOther}, true);
  EXPECT_EQ(call<v1::ForwardResponse>("message.forward", kAnna, with_missing).value().results(0).error().code(),
            "not_found");
  // Only what fits into one message.
  ASSERT_TRUE(say(kAnna, std::string(600, 'x')));
  EXPECT_EQ(call<v1::ForwardResponse>("message.forward", kAnna, forward_of({3, 3}, {kOther}, true))
                .value()
                .results(0)
                .error()
                .code(),
            "too_large");
}

}  // namespace
}  // namespace hongyan::message::commands
