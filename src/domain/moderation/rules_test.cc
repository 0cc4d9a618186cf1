#include "domain/moderation/rules.h"

#include <gtest/gtest.h>

#include <set>

namespace hongyan::moderation {
namespace {

TEST(ModerationRules, ATargetIsExactlyOneKind) {
  v1::ReportTarget target;
  EXPECT_EQ(target_of(target).error().field, "target");
  target.set_user_id(7);
  EXPECT_EQ(target_of(target).value(), (Target{TargetKind::user, 7, {}}));
  target.set_group_id(8);
  EXPECT_EQ(target_of(target).value(), (Target{TargetKind::group, 8, {}}));
  target.mutable_message()->set_conversation_id(9);
  EXPECT_EQ(target_of(target).error().field, "target.message.seq");
  target.mutable_message()->set_seq(3);
  EXPECT_EQ(target_of(target).value(), (Target{TargetKind::message, 9, Seq(3)}));
}

TEST(ModerationRules, ATargetSurvivesItsProto) {
  for (const Target& target :
       {Target{TargetKind::user, 7, {}}, Target{TargetKind::group, 8, {}}, Target{TargetKind::message, 9, Seq(3)}}) {
    EXPECT_EQ(target_of(to_proto(target)).value(), target);
  }
}

TEST(ModerationRules, AWordThatIsNoneIsNamed) {
  EXPECT_TRUE(check_words({.add = {{"赌博", text::WordAction::block}}, .remove = {"--"}}));
  const auto refused =
      check_words({.add = {{"fine", text::WordAction::block}, {"--", text::WordAction::mask}}, .remove = {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "word");
  EXPECT_TRUE(refused.error().detail.ends_with(": --")) << refused.error().detail;
}

TEST(ModerationRules, TheKeyOfAWordIsThatOfItsForm) {
  const auto hash = [](const char* word) { return word_hash(text::check_word(word).value()); };
  EXPECT_EQ(hash("ＡＢc"), hash("abC"));
  EXPECT_EQ(hash("赌 博"), hash("赌博"));
  EXPECT_NE(hash("赌博"), hash("博赌"));
  EXPECT_EQ(hash("a").size(), 43u);
}

TEST(ModerationRules, OnlyTheSameReportIsARepeat) {
  Report report{.reporter = UserId(1), .target = {TargetKind::message, 9, Seq(3)}, .reason = v1::REPORT_REASON_SPAM};
  const std::string first = repeat_hash(report, {});
  report.reason = v1::REPORT_REASON_FRAUD;
  report.text = "more";
  EXPECT_EQ(repeat_hash(report, {}), first) << "why it is reported makes no other report";
  std::set<std::string> others = {first, repeat_hash(report, ChangeNo(1))};
  report.target.seq = Seq(4);
  others.insert(repeat_hash(report, {}));
  report.target.kind = TargetKind::group;
  others.insert(repeat_hash(report, {}));
  report.reporter = UserId(2);
  others.insert(repeat_hash(report, {}));
  report.kind = ReportKind::word;
  others.insert(repeat_hash(report, {}));
  EXPECT_EQ(others.size(), 6u);
}

}  // namespace
}  // namespace hongyan::moderation
