#include "app/control/moderation.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/testing/temporary_folder.h"

namespace hongyan::app {
namespace {

class WordsFileTest : public ::testing::Test {
 protected:
  std::string write(std::string_view text) const {
    const auto file = folder_ / "words.txt";
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }
  // What would be added.
  static std::vector<std::string> words_of(const internal::ControlRequest& request) {
    std::vector<std::string> words;
    for (const auto& word : request.change_words().add()) words.push_back(word.text());
    return words;
  }

  TemporaryFolder folder_;
};

TEST_F(WordsFileTest, AWordIsALine) {
  const auto request = words_in_file(write("\xEF\xBB\xBF# comment\n赌博\r\n\nbad word\nlast"), text::WordAction::mask);
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->has_change_words());
  EXPECT_EQ(words_of(*request), (std::vector<std::string>{"赌博", "bad word", "last"}));
  EXPECT_EQ(request->change_words().add(0).action(), static_cast<int>(text::WordAction::mask));
}

TEST_F(WordsFileTest, AnEmptyFileChangesNothing) {
  const auto request = words_in_file(write(""), text::WordAction::block);
  ASSERT_TRUE(request);
  EXPECT_TRUE(is_moderation(*request));
  EXPECT_TRUE(words_of(*request).empty());
}

TEST_F(WordsFileTest, AFileThatIsNotThereIsNotFound) {
  EXPECT_EQ(words_in_file("/nowhere/words", text::WordAction::block).error().code, ErrorCode::not_found);
}

TEST(WordActions, HaveTheirNames) {
  for (const auto action : {text::WordAction::review, text::WordAction::mask, text::WordAction::block}) {
    EXPECT_EQ(word_action_from(name_of(action)).value(), action);
  }
  EXPECT_EQ(word_action_from("delete").error().field, "action");
}

TEST(ModerationText, AReportIsAJsonLine) {
  internal::ControlRequest request;
  request.mutable_list_reports();
  internal::ControlResponse response;
  internal::ReportRecord& report = *response.add_reports();
  report.set_report_id(1);
  report.set_reporter_id(2);
  report.mutable_target()->mutable_message()->set_conversation_id(3);
  report.mutable_target()->mutable_message()->set_seq(4);
  report.set_reason(v1::REPORT_REASON_SPAM);
  report.set_text("say \"no\"");
  report.set_time_ms(5);
  report.set_snapshot(R"({"seq":4})");
  EXPECT_EQ(
      to_text(request, response),
      R"({"report_id":"1","kind":"person","reporter_id":"2","target":{"message":{"conversation_id":"3","seq":4}},)"
      R"("reason":"spam","text":"say \"no\"","time_ms":5,"snapshot":{"seq":4}})"
      "\n");
}

TEST(ModerationText, AWordStandsBehindItsAction) {
  internal::ControlRequest request;
  request.mutable_list_words();
  internal::ControlResponse response;
  internal::WordRecord& word = *response.mutable_words()->add_words();
  word.set_text("赌博");
  word.set_action(1);
  EXPECT_EQ(to_text(request, response), "mask\t赌博\n");
}

}  // namespace
}  // namespace hongyan::app
