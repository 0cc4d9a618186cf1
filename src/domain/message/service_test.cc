// The use cases of sending, of history and of marks, through the registered handlers on a memory store.
#include "domain/message/service.h"

#include <gtest/gtest.h>

#include "domain/message/testing/service_fixture.h"

namespace hongyan::message {
namespace {

using testing::code_of;
using testing::kAnna;
using testing::kBert;
using testing::kOther;
using testing::kRoom;
using testing::kStranger;

class ServiceTest : public testing::ServiceFixture {
 protected:
  // As a socket asks; nothing when the request has to go the handler's way.
  std::optional<Result<v1::SendResponse>> send_directly(UserId user, v1::SendRequest request) {
    wire::Caller caller;
    caller.user = user;
    caller.deadline = in_time();
    std::promise<Result<wire::MessagePtr>> promise;
    wire::Reply reply = [&promise](Result<wire::MessagePtr> result) { promise.set_value(std::move(result)); };
    if (!dispatcher_.find("message.send")->direct(caller, request, reply)) return std::nullopt;
    auto result = promise.get_future().get();
    if (!result) return std::unexpected(std::move(result).error());
    return static_cast<v1::SendResponse&>(**result);
  }
  static v1::SendRequest request(std::string id, std::string words = "words") {
    v1::SendRequest request;
    request.set_conversation_id(kRoom.value);
    request.set_client_msg_id(std::move(id));
    *request.mutable_content() = testing::text(std::move(words));
    return request;
  }
};

TEST_F(ServiceTest, LinesThatWaitComeBeforeWhatIsSent) {
  conversations_.let_lines_wait();
  drains_ = false;
  EXPECT_EQ(code_of(send(kAnna, "1", "hello")), ErrorCode::unavailable);
  EXPECT_EQ(drained_, 1);
  drains_ = true;
  EXPECT_TRUE(send(kAnna, "1", "hello"));
  EXPECT_EQ(drained_, 2);
  EXPECT_TRUE(send(kAnna, "2", "hello"));
  EXPECT_EQ(drained_, 2) << "the guard is kept";
}

TEST_F(ServiceTest, SendsAndListsWhatWasSent) {
  const auto first = send(kAnna, "1", "hello").value();
  EXPECT_EQ(first.seq(), 1);
  EXPECT_EQ(first.time_ms(), clock_.now().value);
  EXPECT_EQ(send(kBert, "1", "hi").value().seq(), 2);
  const auto page = list(kBert).value();
  ASSERT_EQ(page.items_size(), 2);
  EXPECT_EQ(page.items(0).message_id(), first.message_id());
  EXPECT_EQ(page.items(0).conversation_id(), kRoom.value);
  EXPECT_EQ(page.items(0).seq(), 1);
  EXPECT_EQ(page.items(0).sender_id(), kAnna.value);
  EXPECT_EQ(page.items(0).client_msg_id(), "1");
  EXPECT_EQ(page.items(0).content().text().text(), "hello");
  EXPECT_EQ(page.items(1).content().text().text(), "hi");
  EXPECT_EQ(page.from_seq(), 1);
  EXPECT_EQ(page.to_seq(), 2);
  EXPECT_FALSE(page.has_more_before());
  EXPECT_FALSE(page.has_more_after());
  EXPECT_EQ(page.head().seq(), 2);
  EXPECT_EQ(page.floor_seq(), 1);
}

TEST_F(ServiceTest, TheDirectWayAnswersAsTheHandlerDoes) {
  const auto first = send_directly(kAnna, request("1"));
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->seq(), 1);
  EXPECT_EQ(send(kAnna, "1").value().message_id(), (*first)->message_id()) << "a repeat";
  EXPECT_EQ(code_of(*send_directly(kAnna, request("1", "other"))), ErrorCode::conflict);
  EXPECT_EQ(code_of(*send_directly(kAnna, request("a b"))), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(*send_directly(kStranger, request("2"))), ErrorCode::not_found);
}

TEST_F(ServiceTest, WhatMustWaitDoesNotGoDirectly) {
  auto quoting = request("1");
  quoting.set_quote_seq(1);
  auto reading = request("1");
  reading.set_read_seq(1);
  auto naming = request("1");
  naming.mutable_mentions()->set_all(true);
  for (const auto& one : {quoting, reading, naming}) EXPECT_FALSE(send_directly(kAnna, one)) << one.ShortDebugString();
  {
    const auto turn = order_.enter({kBert, kOther});
    EXPECT_FALSE(send_directly(kAnna, request("1"))) << "somebody is in line";
  }
  EXPECT_TRUE(send_directly(kAnna, request("1")));
}

TEST_F(ServiceTest, RefusesWhatIsNotValidBeforeItReachesTheSequencer) {
  EXPECT_EQ(code_of(send(kAnna, "")), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(send(kAnna, "a b")), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(send(kAnna, "1", "")), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(send(kAnna, "1", "\xff")), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(send(kAnna, "1", std::string(2000, 'x'))), ErrorCode::too_large);
  EXPECT_EQ(code_of(send(kAnna, "1", "words", -1)), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(call<v1::SendResponse>("message.send", kAnna, v1::SendRequest())), ErrorCode::invalid_argument);
  EXPECT_EQ(store_.commits(), 0);
}

TEST_F(ServiceTest, AStrangerLearnsNothing) {
  ASSERT_TRUE(send(kAnna, "1"));
  const auto refused = send(kStranger, "1");
  const auto unknown = send(kStranger, "2", "words", {}, ConversationId(555));
  EXPECT_EQ(code_of(refused), ErrorCode::not_found);
  EXPECT_EQ(code_of(unknown), ErrorCode::not_found);
  EXPECT_EQ(code_of(list(kStranger)), ErrorCode::not_found);
}

TEST_F(ServiceTest, ARepeatAfterThePeerWasDisabledGivesTheFirstAnswer) {
  const auto first = send(kAnna, "1").value();
  conversations_.disable(kBert);
  std::promise<void> dropped;
  sequencer_->drop_user(kBert, [&dropped] { dropped.set_value(); });
  dropped.get_future().wait();
  EXPECT_EQ(code_of(send(kAnna, "2")), ErrorCode::account_disabled);
  EXPECT_EQ(send(kAnna, "1").value().message_id(), first.message_id());
  EXPECT_EQ(code_of(send(kAnna, "1", "other words")), ErrorCode::conflict);
}

TEST_F(ServiceTest, ASendThatIsNotDurableInTimeTimesOut) {
  store_.hold();
  v1::SendRequest request;
  request.set_conversation_id(kRoom.value);
  request.set_client_msg_id("1");
  *request.mutable_content() = testing::text("words");
  const auto result =
      call<v1::SendResponse>("message.send", kAnna, request, async::deadline_in(std::chrono::milliseconds(1)));
  EXPECT_EQ(code_of(result), ErrorCode::timeout);
  store_.release();
  EXPECT_EQ(send(kAnna, "1").value().seq(), 1) << "the repeat finds out";
}

TEST_F(ServiceTest, ASendMovesTheReadMarkOnlyWhenItSaysSo) {
  ASSERT_TRUE(send(kAnna, "1"));
  ASSERT_TRUE(send(kBert, "1"));
  EXPECT_EQ(summary(kBert).read, Seq(0));
  ASSERT_TRUE(send(kBert, "2", "words", 1));
  // Marking again waits for the write that the send began.
  EXPECT_EQ(mark(kBert, Seq(0)).value(), Seq(1));
  // Also a repeat moves it: the first answer may never have arrived.
  ASSERT_TRUE(send(kBert, "1", "words", 2));
  EXPECT_EQ(mark(kBert, Seq(0)).value(), Seq(2));
}

TEST_F(ServiceTest, SummariesCountMessagesOfOthersAboveTheMark) {
  EXPECT_EQ(summary(kAnna).head, Seq(0));
  EXPECT_FALSE(summary(kAnna).last_message.has_value());
  EXPECT_EQ(summary(kAnna).floor, Seq(1));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(send(kAnna, "a" + std::to_string(i)));
  ASSERT_TRUE(send(kBert, "b"));
  ASSERT_TRUE(send(kAnna, "last", "the last"));
  EXPECT_EQ(summary(kAnna).unread, 1);
  EXPECT_EQ(summary(kBert).unread, 4);
  EXPECT_EQ(mark(kBert, Seq(2)).value(), Seq(2));
  const Summary bert = summary(kBert);
  EXPECT_EQ(bert.conversation, kRoom);
  EXPECT_EQ(bert.unread, 2);
  EXPECT_EQ(bert.read, Seq(2));
  EXPECT_EQ(bert.peer_read, Seq(0));
  EXPECT_EQ(bert.head, Seq(5));
  EXPECT_EQ(bert.time, clock_.now());
  EXPECT_EQ(bert.last_message->content().text().text(), "the last");
  EXPECT_EQ(summary(kAnna).peer_read, Seq(2));
  EXPECT_EQ(mark(kBert, Seq(99)).value(), Seq(5));
  EXPECT_EQ(summary(kBert).unread, 0);
  EXPECT_EQ(code_of(mark(kBert, Seq(-1))), ErrorCode::invalid_argument);
}

TEST_F(ServiceTest, SummariesComeInTheOrderAsked) {
  ASSERT_TRUE(send(kAnna, "1", "words", {}, kOther));
  const auto both =
      wait(service_->summaries(kBert, {membership(kBert, kOther), membership(kBert, kRoom)}, in_time())).value();
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].conversation, kOther);
  EXPECT_EQ(both[0].unread, 1);
  EXPECT_EQ(both[1].conversation, kRoom);
  EXPECT_EQ(both[1].unread, 0);
  EXPECT_TRUE(wait(service_->summaries(kBert, {}, in_time())).value().empty());
}

TEST_F(ServiceTest, AReadMarkIsPushedToOwnDevicesAndThePeer) {
  ASSERT_TRUE(send(kAnna, "1"));
  // A message is pushed after its ack, by another thread than marks.
  for (const UserId user : {kAnna, kBert}) ASSERT_TRUE(topics_.await(wire::Topic::user(user), 1));
  ASSERT_TRUE(mark(kBert, Seq(1)));
  merger_->stop();
  for (const UserId user : {kAnna, kBert}) {
    const auto pushes = topics_.to(wire::Topic::user(user));
    ASSERT_EQ(pushes.size(), 2u);
    EXPECT_NE(pushes[1].find(R"("type":"read")"), std::string::npos) << pushes[1];
  }
}

TEST_F(ServiceTest, PagesThroughHistoryBothWaysWithoutHoleOrRepeat) {
  for (int i = 1; i <= 25; ++i) ASSERT_TRUE(send(kAnna, std::to_string(i)));
  v1::ListMessagesRequest request;
  request.set_limit(10);
  std::vector<std::int64_t> seen;
  auto page = list(kBert, request).value();
  while (true) {
    for (int i = page.items_size() - 1; i >= 0; --i) seen.push_back(page.items(i).seq());
    if (!page.has_more_before()) break;
    request.set_before(page.from_seq());
    page = list(kBert, request).value();
  }
  ASSERT_EQ(seen.size(), 25u);
  for (int i = 0; i < 25; ++i) EXPECT_EQ(seen[i], 25 - i);

  request.clear_before();
  request.set_after(20);
  page = list(kBert, request).value();
  EXPECT_EQ(page.from_seq(), 21);
  EXPECT_EQ(page.to_seq(), 25);
  EXPECT_TRUE(page.has_more_before());
  EXPECT_FALSE(page.has_more_after());

  request.clear_after();
  request.set_around(12);
  page = list(kBert, request).value();
  EXPECT_EQ(page.from_seq(), 7);
  EXPECT_EQ(page.to_seq(), 16);
  request.set_before(3);
  EXPECT_EQ(code_of(list(kBert, request)), ErrorCode::invalid_argument);
}

TEST_F(ServiceTest, APageEndsEarlyAtItsBytesOnTheSideAwayFromWhereItBegins) {
  for (int i = 1; i <= 12; ++i) ASSERT_TRUE(send(kAnna, std::to_string(i), std::string(900, 'x')));
  auto page = list(kBert).value();
  EXPECT_EQ(page.to_seq(), 12);
  EXPECT_EQ(page.from_seq(), 10);
  EXPECT_EQ(page.items_size(), 3);
  EXPECT_TRUE(page.has_more_before());
  v1::ListMessagesRequest request;
  request.set_after(2);
  page = list(kBert, request).value();
  EXPECT_EQ(page.from_seq(), 3);
  EXPECT_EQ(page.to_seq(), 5);
  EXPECT_TRUE(page.has_more_after());
  request.clear_after();
  request.set_around(6);
  page = list(kBert, request).value();
  EXPECT_LE(page.from_seq(), 6);
  EXPECT_GE(page.to_seq(), 6);
  EXPECT_EQ(page.items_size(), page.to_seq() - page.from_seq() + 1);
  EXPECT_LE(page.items_size(), 4);
}

TEST_F(ServiceTest, AnEmptyConversationHasAnEmptyPage) {
  const auto page = list(kAnna).value();
  EXPECT_EQ(page.items_size(), 0);
  EXPECT_EQ(page.from_seq(), 1);
  EXPECT_EQ(page.to_seq(), 0);
  EXPECT_FALSE(page.has_more_before());
  EXPECT_FALSE(page.has_more_after());
}

}  // namespace
}  // namespace hongyan::message
