#include "domain/message/reading/export_source.h"

#include <gtest/gtest.h>

#include <sstream>

#include "domain/message/testing/cast.h"
#include "domain/message/testing/service_fixture.h"
#include "hongyan/v1/export.pb.h"
#include "wire/json_codec.h"

namespace hongyan::message::reading {
namespace {

using testing::kAnna;
using testing::kBert;
using testing::kOther;
using testing::kRoom;

class MessageExportTest : public testing::ServiceFixture {
 protected:
  // "conversation/seq text" of each line, and by how many parts they came.
  std::vector<std::string> all(UserId user, int* parts = nullptr) {
    std::vector<std::string> shown;
    std::string from;
    for (;;) {
      const auto part = wait(source_.read(user, from, in_time())).value();
      if (parts != nullptr) ++*parts;
      std::istringstream text(part.text);
      for (std::string line; std::getline(text, line);) {
        v1::ExportLine item;
        EXPECT_TRUE(wire::from_json(line, item));
        const v1::Message& message = item.message();
        EXPECT_EQ(message.sender_id(), user.value);
        shown.push_back(std::to_string(message.conversation_id()) + "/" + std::to_string(message.seq()) + " " +
                        message.content().text().text());
      }
      if (!part.next) return shown;
      from = *part.next;
    }
  }
  static std::string at(ConversationId conversation, int seq, const std::string& text) {
    return std::to_string(conversation.value) + "/" + std::to_string(seq) + " " + text;
  }

  ExportSource source_{conversations_, store_, pool_};
};

TEST_F(MessageExportTest, HoldsWhatSomebodyHasWrittenThemselves) {
  EXPECT_TRUE(all(kAnna).empty());
  ASSERT_TRUE(send(kAnna, "a1", "hello"));
  ASSERT_TRUE(send(kBert, "b1", "hi"));
  ASSERT_TRUE(send(kAnna, "a2", "how are you"));
  ASSERT_TRUE(send(kBert, "b2", "fine", {}, kOther));
  std::vector<std::string> mine{at(kRoom, 1, "hello"), at(kRoom, 3, "how are you")};
  EXPECT_EQ(all(kAnna), mine);
  EXPECT_EQ(all(kBert).size(), 2U);
  // What one does not see any more is kept all the same.
  v1::DeleteForMeRequest hidden;
  hidden.set_conversation_id(kRoom.value);
  hidden.set_seq(1);
  ASSERT_TRUE(call<v1::DeleteForMeResponse>("message.delete_for_me", kAnna, hidden));
  EXPECT_EQ(all(kAnna), mine);
}

TEST_F(MessageExportTest, GoesOnWhereItEnded) {
  // More than fits into the pages of one part.
  const std::string words(900, 'x');
  for (int i = 1; i <= 700; ++i) {
    ASSERT_TRUE(send(i % 2 == 0 ? kBert : kAnna, "m" + std::to_string(i), words));
  }
  int parts = 0;
  const auto shown = all(kAnna, &parts);
  EXPECT_EQ(shown.size(), 350U);
  EXPECT_EQ(shown.back(), at(kRoom, 699, words));
  EXPECT_GE(parts, 3);
}

}  // namespace
}  // namespace hongyan::message::reading
