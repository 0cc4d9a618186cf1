// What words do to messages, through the registered handlers on a memory store.
#include "domain/message/commands/words.h"

#include <gtest/gtest.h>

#include "domain/message/testing/service_fixture.h"

namespace hongyan::message::commands {
namespace {

using testing::code_of;
using testing::kAnna;
using testing::kBert;
using testing::kOther;
using testing::kRoom;
using testing::kStranger;
using text::WordAction;

class WordsTest : public testing::ServiceFixture {
 protected:
  WordsTest() { use({{"worst", WordAction::block}, {"rude", WordAction::mask}, {"mild", WordAction::review}}); }

  void use(const std::vector<text::Word>& words) { words_.use(std::make_shared<const text::WordMatcher>(words)); }

  Result<v1::SendResponse> send_content(std::string id, v1::Content content) {
    v1::SendRequest request;
    request.set_conversation_id(kRoom.value);
    request.set_client_msg_id(std::move(id));
    *request.mutable_content() = std::move(content);
    return call<v1::SendResponse>("message.send", kAnna, request);
  }
  v1::Message stored(std::int64_t seq, ConversationId conversation = kRoom) {
    v1::GetMessageRequest request;
    request.set_conversation_id(conversation.value);
    request.set_seq(seq);
    return call<v1::GetMessageResponse>("message.get", kAnna, request).value().message();
  }
  std::string said(std::int64_t seq, ConversationId conversation = kRoom) {
    return stored(seq, conversation).content().text().text();
  }
  Result<v1::ChangeResponse> edit(std::int64_t seq, std::string words) {
    v1::EditRequest request;
    request.set_conversation_id(kRoom.value);
    request.set_seq(seq);
    *request.mutable_content() = testing::text(std::move(words));
    return call<v1::ChangeResponse>("message.edit", kAnna, request);
  }
  v1::ForwardResponse forward(std::string id, std::vector<std::int64_t> seqs, std::string title = {}) {
    v1::ForwardRequest request;
    request.set_client_msg_id(std::move(id));
    for (const std::int64_t seq : seqs) {
      request.add_items()->set_conversation_id(kRoom.value);
      request.mutable_items(request.items_size() - 1)->set_seq(seq);
    }
    request.add_targets(kOther.value);
    request.set_merged(!title.empty());
    request.set_title(std::move(title));
    return call<v1::ForwardResponse>("message.forward", kAnna, request).value();
  }
};

TEST_F(WordsTest, ABlockedWordIsRefused) {
  EXPECT_EQ(code_of(send(kAnna, "1", "the WORST")), ErrorCode::content_rejected);
  EXPECT_EQ(send(kAnna, "1", "better").value().seq(), 1) << "nothing was kept under the id";
}

TEST_F(WordsTest, AMaskedWordIsStoredMasked) {
  EXPECT_TRUE(send(kAnna, "1", "so ｒｕｄｅ, and rude"));
  EXPECT_EQ(said(1), "so ****, and ****");
  EXPECT_TRUE(reviewed_.empty());
}

TEST_F(WordsTest, ARepeatIsOneOfWhatWasSent) {
  const auto masked = send(kAnna, "1", "so rude").value();
  const auto clean = send(kAnna, "2", "harmless").value();
  EXPECT_EQ(send(kAnna, "1", "so rude").value().message_id(), masked.message_id());
  EXPECT_EQ(code_of(send(kAnna, "1", "so ****")), ErrorCode::conflict) << "what is stored is not what was sent";
  use({{"harmless", WordAction::block}});
  EXPECT_EQ(send(kAnna, "1", "so rude").value().message_id(), masked.message_id());
  EXPECT_EQ(send(kAnna, "2", "harmless").value().message_id(), clean.message_id()) << "it was sent before";
  EXPECT_EQ(code_of(send(kAnna, "2", "harmless too")), ErrorCode::conflict);
  EXPECT_EQ(code_of(send(kAnna, "3", "harmless")), ErrorCode::content_rejected);
  words_.use(nullptr);
  EXPECT_EQ(send(kAnna, "1", "so rude").value().message_id(), masked.message_id());
  EXPECT_EQ(said(1), "so ****");
}

TEST_F(WordsTest, ModeratorsAreToldOfAWordToReview) {
  const auto sent = send(kAnna, "1", "mild and rude").value();
  ASSERT_EQ(reviewed_.size(), 1u);
  const v1::Message& told = reviewed_.front();
  EXPECT_EQ(told.content().text().text(), "mild and ****");
  EXPECT_EQ(told.seq(), sent.seq());
  EXPECT_EQ(told.message_id(), sent.message_id());
  EXPECT_EQ(told.sender_id(), kAnna.value);
  EXPECT_EQ(told.conversation_id(), kRoom.value);
  EXPECT_EQ(told.time_ms(), sent.time_ms());
  EXPECT_TRUE(send(kAnna, "2", "nothing"));
  EXPECT_EQ(reviewed_.size(), 1u);
}

TEST_F(WordsTest, NobodyIsAnsweredBeforeModeratorsAreTold) {
  review_fails_ = true;
  EXPECT_EQ(code_of(send(kAnna, "1", "mild")), ErrorCode::unavailable);
  review_fails_ = false;
  EXPECT_EQ(send(kAnna, "1", "mild").value().seq(), 1);
  ASSERT_EQ(reviewed_.size(), 1u);
  EXPECT_EQ(reviewed_.front().seq(), 1);
}

TEST_F(WordsTest, WhoIsRefusedIsReportedToNobody) {
  EXPECT_EQ(code_of(send(kStranger, "1", "mild")), ErrorCode::not_found);
  EXPECT_TRUE(reviewed_.empty());
}

TEST_F(WordsTest, AnEditIsLookedAt) {
  EXPECT_TRUE(send(kAnna, "1", "fine"));
  EXPECT_EQ(code_of(edit(1, "the worst")), ErrorCode::content_rejected);
  EXPECT_EQ(said(1), "fine");
  EXPECT_EQ(edit(1, "rude").value().message().content().text().text(), "****");
  EXPECT_EQ(said(1), "****");
  const auto change = edit(1, "mild").value().change();
  ASSERT_EQ(reviewed_.size(), 1u);
  EXPECT_EQ(reviewed_.front().change(), change);
  EXPECT_EQ(reviewed_.front().content().text().text(), "mild");
  EXPECT_EQ(code_of(edit(7, "the worst")), ErrorCode::not_found);
}

TEST_F(WordsTest, WhatIsSentOnIsLookedAt) {
  words_.use(nullptr);
  for (const char* said : {"worst", "rude", "mild", "fine"}) EXPECT_TRUE(send(kAnna, said, said));
  use({{"worst", WordAction::block}, {"rude", WordAction::mask}, {"mild", WordAction::review}});
  const auto results = forward("f1", {1, 2, 3, 4});
  ASSERT_EQ(results.results_size(), 4);
  EXPECT_EQ(results.results(0).error().code(), "content_rejected");
  EXPECT_EQ(said(1, kOther), "****");
  EXPECT_EQ(said(2, kOther), "mild");
  EXPECT_EQ(said(3, kOther), "fine");
  ASSERT_EQ(reviewed_.size(), 1u);
  EXPECT_EQ(reviewed_.front().conversation_id(), kOther.value);
  EXPECT_EQ(reviewed_.front().seq(), 2);
  // The same again gives the same acks, whatever the words are now.
  use({{"fine", WordAction::block}});
  const auto again = forward("f1", {1, 2, 3, 4});
  for (const int item : {1, 2, 3}) {
    EXPECT_EQ(again.results(item).sent().message_id(), results.results(item).sent().message_id()) << item;
  }
}

TEST_F(WordsTest, InsideAMergedForwardEverythingIsLookedAt) {
  words_.use(nullptr);
  EXPECT_TRUE(send(kAnna, "1", "so rude"));
  EXPECT_TRUE(send(kAnna, "2", "fine"));
  use({{"worst", WordAction::block}, {"rude", WordAction::mask}});
  EXPECT_EQ(forward("f1", {1, 2}, "the worst").results(0).error().code(), "content_rejected");
  EXPECT_TRUE(forward("f2", {1, 2}, "rude words").results(0).has_sent());
  const v1::MergedContent merged = stored(1, kOther).content().merged();
  EXPECT_EQ(merged.title(), "**** words");
  EXPECT_EQ(merged.items(0).content().text().text(), "so ****");
  EXPECT_EQ(merged.items(1).content().text().text(), "fine");
}

TEST_F(WordsTest, EveryTextOfAContentIsLookedAt) {
  v1::Content place;
  place.mutable_location()->set_name("rude place");
  place.mutable_location()->set_address("rude street");
  place.set_fallback("a rude place");
  EXPECT_TRUE(send_content("1", place));
  const v1::Content kept = stored(1).content();
  EXPECT_EQ(kept.location().name(), "**** place");
  EXPECT_EQ(kept.location().address(), "**** street");
  EXPECT_EQ(kept.fallback(), "a **** place");
  place.mutable_location()->set_address("worst street");
  EXPECT_EQ(code_of(send_content("2", place)), ErrorCode::content_rejected);

  v1::Content file;
  file.mutable_file()->set_name("rude.txt");
  EXPECT_TRUE(censor(words_, file).mask);
  EXPECT_EQ(file.file().name(), "****.txt");

  v1::Content custom;
  custom.mutable_custom()->set_kind("game");
  custom.mutable_custom()->set_body("worst");
  EXPECT_TRUE(send_content("3", custom)) << "only programs read it";
}

TEST_F(WordsTest, OnlyWhatIsCleanGoesTheShortWay) {
  constexpr std::size_t kMost = 1024;
  EXPECT_TRUE(is_clean(words_, testing::text("fine"), kMost));
  EXPECT_FALSE(is_clean(words_, testing::text("so mild"), kMost));
  EXPECT_TRUE(is_clean(words_, testing::text("so mild"), 3)) << "too large to be read";
  v1::Content place;
  place.mutable_location()->set_name("fine");
  EXPECT_FALSE(is_clean(words_, place, kMost)) << "not looked at";
  words_.use(nullptr);
  EXPECT_TRUE(is_clean(words_, testing::text("so mild"), kMost));
  EXPECT_TRUE(is_clean(words_, place, kMost));
}

}  // namespace
}  // namespace hongyan::message::commands
