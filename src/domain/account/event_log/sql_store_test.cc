#include "domain/account/event_log/sql_store.h"

#include <gtest/gtest.h>

#include "infra/async/io_threads.h"
#include "infra/sql/migrations.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::account {
namespace {

constexpr UserId kAlice{1};
constexpr UserId kBob{2};

class UserEventsTest : public ::testing::Test {
 protected:
  UserEventsTest() { EXPECT_TRUE(sql::migrate(database.database(), SystemClock())); }

  Result<void> append(std::vector<UserEvent> written) {
    return database.database().write_now(
        [&](sql::Transaction& transaction) { return events.append(transaction, std::move(written)); });
  }
  UserEventPage since(UserId user, std::int64_t version) {
    auto task = events.since(user, UserVersion(version), async::deadline_in(std::chrono::seconds(10)));
    return async::start(io.context(0).get_executor(), std::move(task)).get().value();
  }
  // "version key=state" of each.
  std::vector<std::string> shown(UserId user, std::int64_t version) {
    std::vector<std::string> lines;
    for (const auto& [number, event] : since(user, version).events) {
      EXPECT_EQ(event.user, user);
      lines.push_back(std::to_string(number.value) + " " + event.kind + ":" + event.key + "=" + event.state);
    }
    return lines;
  }

  // First, so that it outlives the pools: what they finish resumes here.
  async::IoThreads io{1};
  sql::testing::TemporaryDatabase database;
  SqlUserEvents events{database.database()};
};

using Lines = std::vector<std::string>;

TEST_F(UserEventsTest, VersionsAreDenseForEachUser) {
  ASSERT_TRUE(append({{kBob, "group", "10", "in"}, {kAlice, "group", "10", "in"}}));
  ASSERT_TRUE(append({{kAlice, "group", "11", "in"}, {kAlice, "contact", "7", "new"}}));
  EXPECT_EQ(shown(kAlice, 0), (Lines{"1 group:10=in", "2 group:11=in", "3 contact:7=new"}));
  EXPECT_EQ(shown(kAlice, 2), (Lines{"3 contact:7=new"}));
  EXPECT_EQ(shown(kBob, 0), (Lines{"1 group:10=in"}));
  EXPECT_EQ(since(kAlice, 3).version, UserVersion(3));
  EXPECT_EQ(since(UserId(3), 0).version, UserVersion(0));
}

TEST_F(UserEventsTest, ANewerStateOfAThingTakesThePlaceOfTheOlder) {
  ASSERT_TRUE(append({{kAlice, "group", "10", "in"}, {kBob, "group", "10", "in"}, {kAlice, "group", "11", "in"}}));
  ASSERT_TRUE(append({{kAlice, "group", "10", "out"}, {kAlice, "group", "10", "in again"}}));
  EXPECT_EQ(shown(kAlice, 0), (Lines{"2 group:11=in", "4 group:10=in again"}));
  EXPECT_EQ(since(kAlice, 0).version, UserVersion(4));
  EXPECT_EQ(shown(kBob, 0), (Lines{"1 group:10=in"}));
}

TEST_F(UserEventsTest, StatesMayHoldAnyByte) {
  const std::string state("\0\x01\xff\0", 4);
  ASSERT_TRUE(append({{kAlice, "group", "10", state}}));
  EXPECT_EQ(since(kAlice, 0).events.at(0).event.state, state);
}

TEST_F(UserEventsTest, WhoIsTooFarBehindOrAheadReadsTheListsAgain) {
  std::vector<UserEvent> many(1000, {kAlice, "group", "10", "in"});
  ASSERT_TRUE(append(many));
  EXPECT_FALSE(since(kAlice, 0).reset);
  ASSERT_TRUE(append({{kAlice, "group", "11", "in"}}));
  const UserEventPage behind = since(kAlice, 0);
  EXPECT_TRUE(behind.reset);
  EXPECT_TRUE(behind.events.empty());
  EXPECT_EQ(behind.version, UserVersion(1001));
  EXPECT_EQ(shown(kAlice, 1), (Lines{"1000 group:10=in", "1001 group:11=in"}));
  EXPECT_TRUE(since(kAlice, 1002).reset);
}

TEST_F(UserEventsTest, AreWrittenWithTheirTransactionOrNotAtAll) {
  const auto refused = database.database().write_now([&](sql::Transaction& transaction) -> Result<void> {
    HY_TRY(events.append(transaction, {{kAlice, "group", "10", "in"}}));
    return fail(ErrorCode::conflict);
  });
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(since(kAlice, 0).version, UserVersion(0));
}

TEST_F(UserEventsTest, AreRecordedByThemselvesToo) {
  auto task = events.record({{kAlice, "cleared", "10", "state"}}, async::deadline_in(std::chrono::seconds(10)));
  ASSERT_TRUE(async::start(io.context(0).get_executor(), std::move(task)).get());
  EXPECT_EQ(shown(kAlice, 0), (Lines{"1 cleared:10=state"}));
}

TEST_F(UserEventsTest, AreToldOfOnceTheyAreDurable) {
  struct Told final : UserEventListener {
    void appended(const std::vector<VersionedEvent>& events) override {
      for (const auto& [version, event] : events) lines.push_back(std::to_string(version.value) + " " + event.state);
    }
    Lines lines;
  } told;
  events.set_listener(told);
  const auto outcome = database.database().write_now([&](sql::Transaction& transaction) -> Result<void> {
    HY_TRY(events.append(transaction, {{kAlice, "group", "10", "in"}, {kBob, "group", "10", "in"}}));
    HY_TRY(events.append(transaction, {{kAlice, "group", "10", "out"}}));
    EXPECT_TRUE(told.lines.empty());
    return {};
  });
  ASSERT_TRUE(outcome);
  EXPECT_EQ(told.lines, (Lines{"1 in", "1 in", "2 out"}));
  ASSERT_FALSE(database.database().write_now([&](sql::Transaction& transaction) -> Result<void> {
    HY_TRY(events.append(transaction, {{kAlice, "group", "11", "in"}}));
    return fail(ErrorCode::conflict);
  }));
  EXPECT_EQ(told.lines.size(), 3U);
}

TEST_F(UserEventsTest, TooManyUsersAtOnceAreRefused) {
  std::vector<UserEvent> many;
  for (std::uint64_t user = 1; user <= UserEvents::kMaxUsers; ++user) many.push_back({UserId(user), "group", "1", ""});
  ASSERT_TRUE(append(many));
  many.push_back({UserId(9999), "group", "1", ""});
  EXPECT_EQ(append(many).error().code, ErrorCode::internal);
}

}  // namespace
}  // namespace hongyan::account
