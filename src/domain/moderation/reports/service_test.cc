// Reporting, on SQLite.
#include "domain/moderation/reports/service.h"

#include <gtest/gtest.h>

#include "base/testing/memory_ceiling.h"
#include "domain/account/testing/fakes.h"
#include "domain/message/testing/cast.h"
#include "domain/message/testing/fake_conversations.h"
#include "domain/moderation/reports/sql_store.h"
#include "infra/async/io_threads.h"
#include "infra/sql/migrations.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::moderation {
namespace {

using message::testing::kAnna;
using message::testing::kBert;
using message::testing::kGroup;
using message::testing::kRoom;
using message::testing::kStranger;

// One message in the room, which Anna and Bert see.
class OneMessage final : public message::Reader {
 public:
  async::Task<Result<v1::Message>> read(UserId user, message::Place place, async::Deadline) const override {
    if (user == kStranger || place.conversation != kRoom || place.seq != Seq(1)) co_return fail(ErrorCode::not_found);
    v1::Message message;
    message.set_conversation_id(kRoom.value);
    message.set_seq(1);
    message.mutable_content()->mutable_text()->set_text(text);
    co_return message;
  }
  std::string text = "as it was";
};

class ReportServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(ids_.start());
    ASSERT_TRUE(sql::migrate(database_.database(), clock_));
    conversations_.add_direct(kRoom, kAnna, kBert);
    conversations_.add_group(kGroup, {{kAnna, conversation::Role::owner}});
    for (const UserId user : {kAnna, kBert}) accounts_.add(user);
  }

  template <class T>
  T wait(async::Task<T> task) {
    return async::start(io_.context(0).get_executor(), std::move(task)).get();
  }
  static async::Deadline soon() { return async::deadline_in(std::chrono::seconds(60)); }

  Result<ReportId> report(UserId user, Target target, std::string text = {},
                          Reason reason = v1::REPORT_REASON_HARASSMENT) {
    return wait(service_.report(user, {target, reason, std::move(text)}, soon()));
  }
  std::vector<Report> listed(bool closed = false) {
    return wait(service_.list({.closed = closed, .after = {}, .limit = 100}, soon())).value();
  }
  static ErrorCode code_of(const Result<ReportId>& result) { return result.error().code; }

  static constexpr Target kMessage{TargetKind::message, kRoom.value, Seq(1)};

  ManualClock clock_;
  MemoryCeiling ceiling_;
  IdGenerator ids_{0, clock_, ceiling_};
  async::IoThreads io_{1};
  sql::testing::TemporaryDatabase database_;
  account::testing::FakeAccounts accounts_;
  message::testing::FakeConversations conversations_;
  OneMessage messages_;
  SqlReportStore store_{database_.database()};
  Config config_{.reports_per_day = 3};
  ReportService service_{{store_, accounts_, conversations_, messages_, ids_, clock_}, config_};
};

TEST_F(ReportServiceTest, KeepsWhatTheReporterSees) {
  const ReportId id = report(kBert, kMessage, "look at this").value();
  messages_.text = "edited since";
  ASSERT_EQ(listed().size(), 1u);
  const Report kept = listed().front();
  EXPECT_EQ(kept.id, id);
  EXPECT_EQ(kept.kind, ReportKind::person);
  EXPECT_EQ(kept.reporter, kBert);
  EXPECT_EQ(kept.target, kMessage);
  EXPECT_EQ(kept.reason, v1::REPORT_REASON_HARASSMENT);
  EXPECT_EQ(kept.text, "look at this");
  EXPECT_EQ(kept.time, clock_.now());
  EXPECT_NE(kept.snapshot.find("as it was"), std::string::npos) << kept.snapshot;
}

TEST_F(ReportServiceTest, PeopleAndGroupsAreReportedToo) {
  EXPECT_TRUE(report(kAnna, {TargetKind::user, kBert.value, {}}));
  EXPECT_TRUE(report(kAnna, {TargetKind::group, kGroup.value, {}}));
  for (const Report& kept : listed()) EXPECT_TRUE(kept.snapshot.starts_with("{")) << kept.snapshot;
}

TEST_F(ReportServiceTest, WhoseAccountEndsIsInNoReport) {
  ASSERT_TRUE(report(kAnna, {TargetKind::user, kBert.value, {}}, "call me: 555 0100"));
  ASSERT_TRUE(report(kBert, kMessage, "mine"));
  EXPECT_TRUE(wait(store_.forget(kBert, soon())).value());
  const auto after_bert = listed();
  ASSERT_EQ(after_bert.size(), 2u);
  EXPECT_EQ(after_bert[0].snapshot, "");
  EXPECT_EQ(after_bert[0].text, "call me: 555 0100");
  EXPECT_EQ(after_bert[1].text, "");
  EXPECT_NE(after_bert[1].snapshot, "") << "messages stay";
  EXPECT_TRUE(wait(store_.forget(kAnna, soon())).value());
  EXPECT_EQ(listed()[0].text, "");
}

TEST_F(ReportServiceTest, ReportsAreInTheCopyOfWhoHasMadeThem) {
  ASSERT_TRUE(report(kAnna, {TargetKind::user, kBert.value, {}}, "again and again"));
  ASSERT_TRUE(report(kBert, kMessage, "mine"));
  const account::ExportPart part = wait(store_.read(kAnna, {}, soon())).value();
  EXPECT_EQ(part.lines, 1);
  EXPECT_EQ(part.next, std::nullopt);
  EXPECT_NE(part.text.find("again and again"), std::string::npos) << part.text;
}

TEST_F(ReportServiceTest, WhatTheReporterMayNotSeeIsNotFound) {
  EXPECT_EQ(code_of(report(kStranger, kMessage)), ErrorCode::not_found);
  EXPECT_EQ(code_of(report(kAnna, {TargetKind::message, kRoom.value, Seq(2)})), ErrorCode::not_found);
  EXPECT_EQ(code_of(report(kBert, {TargetKind::group, kGroup.value, {}})), ErrorCode::not_found);
  EXPECT_EQ(code_of(report(kAnna, {TargetKind::group, kRoom.value, {}})), ErrorCode::not_found) << "it is no group";
  EXPECT_EQ(code_of(report(kAnna, {TargetKind::user, 12345, {}})), ErrorCode::not_found);
  EXPECT_TRUE(listed().empty());
}

TEST_F(ReportServiceTest, WhatIsWrongIsNamed) {
  EXPECT_EQ(report(kAnna, {TargetKind::user, kAnna.value, {}}).error().field, "target.user_id");
  EXPECT_EQ(report(kAnna, kMessage, {}, v1::REPORT_REASON_UNSPECIFIED).error().field, "reason");
  EXPECT_EQ(report(kAnna, kMessage, std::string(501, 'x')).error().field, "text");
  EXPECT_TRUE(report(kAnna, kMessage, std::string(500, 'x')));
  EXPECT_EQ(wait(service_.list({.limit = 0}, soon())).error().field, "limit");
}

TEST_F(ReportServiceTest, ARepeatIsTheSameReport) {
  const ReportId first = report(kBert, kMessage, "one").value();
  EXPECT_EQ(report(kBert, kMessage, "two").value(), first);
  EXPECT_NE(report(kAnna, kMessage).value(), first) << "somebody else";
  EXPECT_EQ(listed().size(), 2u);
  EXPECT_EQ(listed().front().text, "one");
}

TEST_F(ReportServiceTest, AfterItWasClosedOneMayComeAgain) {
  const ReportId first = report(kBert, kMessage).value();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(wait(service_.close(first, soon())));
  EXPECT_TRUE(listed().empty());
  ASSERT_EQ(listed(true).size(), 1u);
  EXPECT_EQ(listed(true).front().closed, clock_.now());
  EXPECT_NE(report(kBert, kMessage).value(), first);
  EXPECT_EQ(wait(service_.close(ReportId(1), soon())).error().code, ErrorCode::not_found);
}

TEST_F(ReportServiceTest, ReportsOfADayHaveAnEnd) {
  accounts_.add(kStranger);
  EXPECT_TRUE(report(kAnna, kMessage));
  clock_.advance(std::chrono::hours(1));
  EXPECT_TRUE(report(kAnna, {TargetKind::user, kBert.value, {}}));
  EXPECT_TRUE(report(kAnna, {TargetKind::user, kStranger.value, {}}));
  const auto refused = report(kAnna, {TargetKind::group, kGroup.value, {}});
  EXPECT_EQ(code_of(refused), ErrorCode::rate_limited);
  EXPECT_EQ(refused.error().retry_after_ms, 23 * 3'600'000);
  EXPECT_TRUE(report(kAnna, kMessage)) << "a repeat does not count";
  EXPECT_TRUE(report(kBert, kMessage)) << "nor do those of others";
  clock_.advance(std::chrono::hours(23));
  EXPECT_TRUE(report(kAnna, {TargetKind::group, kGroup.value, {}}));
}

TEST_F(ReportServiceTest, WhatAWordHasFoundIsKeptOnce) {
  v1::Message message;
  message.set_conversation_id(kRoom.value);
  message.set_seq(5);
  message.mutable_content()->mutable_text()->set_text("mild");
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(wait(service_.review(message, soon()))) << "and counts for nobody";
  ASSERT_EQ(listed().size(), 1u);
  const Report kept = listed().front();
  EXPECT_EQ(kept.kind, ReportKind::word);
  EXPECT_EQ(kept.reporter, UserId());
  EXPECT_EQ(kept.target, (Target{TargetKind::message, kRoom.value, Seq(5)}));
  EXPECT_TRUE(wait(service_.close(kept.id, soon())));
  EXPECT_TRUE(wait(service_.review(message, soon())));
  EXPECT_TRUE(listed().empty()) << "a late repeat of the send";
  message.set_change(3);
  EXPECT_TRUE(wait(service_.review(message, soon())));
  EXPECT_EQ(listed().size(), 1u) << "it was edited";
}

TEST_F(ReportServiceTest, PagesGoOnBehindTheLast) {
  const ReportId first = report(kAnna, kMessage).value();
  const ReportId second = report(kBert, kMessage).value();
  const auto page = wait(service_.list({.closed = false, .after = first, .limit = 1}, soon())).value();
  ASSERT_EQ(page.size(), 1u);
  EXPECT_EQ(page.front().id, second);
}

}  // namespace
}  // namespace hongyan::moderation
