// What only a server can do: vanish, be busy, stop in the middle of a migration.
#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "infra/sql/migrations.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::sql {
namespace {

class MysqlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(testing::on_mysql()) << testing::kHowOnMysql;
    ASSERT_TRUE(db().write_now([](Transaction& t) {
      return t.execute("CREATE TABLE items (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(20), UNIQUE (name, id))");
    }));
  }

  Database& db() { return temporary_.database(); }

  static Result<std::int64_t> add(Transaction& t, int id, std::string name) {
    return t.execute("INSERT INTO items (id, name) VALUES (:id, :name)", id, std::move(name));
  }
  std::int64_t one(const char* statement) {
    const auto row = db().read_now([&](Session& s) { return s.query_one<std::int64_t>(statement); });
    return std::get<0>(**row);
  }
  // Cuts the connection off that asks.
  static void cut(Session& session) {
    const auto id = session.query_one<std::int64_t>("SELECT CONNECTION_ID()");
    testing::TestServer::instance().run("KILL " + std::to_string(std::get<0>(**id)));
  }

  testing::TemporaryDatabase temporary_{testing::Tables::none};
};

TEST_F(MysqlTest, AConnectionThatWasCutOffWhileItWasFreeIsReplaced) {
  // Both readers: each is cut off by the read that has it.
  for (int reader = 0; reader < 2; ++reader) {
    (void)db().read_now([](Session& s) -> Result<void> {
      cut(s);
      return {};
    });
  }
  for (int round = 0; round < 4; ++round) EXPECT_EQ(one("SELECT COUNT(*) FROM items"), 0);
}

TEST_F(MysqlTest, AReadThatIsCutOffIsUnavailable) {
  const auto outcome = db().read_now([](Session& s) {
    cut(s);
    return s.query<int>("SELECT id FROM items");
  });
  EXPECT_EQ(outcome.error().code, ErrorCode::unavailable);
}

TEST_F(MysqlTest, AWriteThatIsCutOffLeavesNoTrace) {
  const auto outcome = db().write_now([](Transaction& t) -> Result<void> {
    HY_TRY(add(t, 1, "one"));
    cut(t);
    HY_TRY(add(t, 2, "two"));
    return {};
  });
  EXPECT_EQ(outcome.error().code, ErrorCode::unavailable);
  EXPECT_EQ(one("SELECT COUNT(*) FROM items"), 0);
  EXPECT_TRUE(db().write_now([](Transaction& t) { return add(t, 3, "three"); }));
}

TEST_F(MysqlTest, ACommitThatIsCutOffIsUnavailableAndRunsTheHooks) {
  bool ran = false;
  const auto outcome = db().write_now([&](Transaction& t) -> Result<void> {
    t.after_commit([&] { ran = true; });
    t.after_known_commit([] { ADD_FAILURE() << "nobody knows whether it was committed"; });
    HY_TRY(add(t, 1, "one"));
    cut(t);
    return {};
  });
  EXPECT_EQ(outcome.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(ran);
  EXPECT_TRUE(db().write_now([](Transaction& t) { return add(t, 2, "two"); }));
}

TEST_F(MysqlTest, ADeadlockEndsTheTransactionWhateverItsFunctionSays) {
  for (const int id : {1, 2}) ASSERT_TRUE(db().write_now([id](Transaction& t) { return add(t, id, "x"); }));
  // A session that takes no part in the lock of the writers, as an operator's.
  const auto operators = connect(temporary_.options(), Access::read);
  ASSERT_TRUE(operators->run("START TRANSACTION"));
  // Heavier than the writer, which is therefore the one that is ended.
  for (int id = 10; id < 60; ++id) {
    ASSERT_TRUE(operators->run("INSERT INTO items (id, name) VALUES (" + std::to_string(id) + ", 'y')"));
  }
  ASSERT_TRUE(operators->run("UPDATE items SET name = 'y' WHERE id = 2"));
  std::thread waiting;
  const auto outcome = db().write_now([&](Transaction& t) -> Result<void> {
    HY_TRY(t.execute("UPDATE items SET name = 'z' WHERE id = 1"));
    waiting = std::thread([&] { EXPECT_TRUE(operators->run("UPDATE items SET name = 'y' WHERE id = 1")); });
    const auto updated = t.execute("UPDATE items SET name = 'z' WHERE id = 2");
    EXPECT_EQ(updated.error().code, ErrorCode::unavailable);
    // Swallows the error and goes on.
    (void)add(t, 3, "three");
    return {};
  });
  waiting.join();
  EXPECT_FALSE(outcome);
  ASSERT_TRUE(operators->run("COMMIT"));
  EXPECT_EQ(one("SELECT COUNT(*) FROM items WHERE name = 'z' OR id = 3"), 0);
  EXPECT_TRUE(db().write_now([](Transaction& t) { return add(t, 3, "three"); }));
}

TEST_F(MysqlTest, ADuplicateOfSeveralColumnsNamesThemAll) {
  ASSERT_TRUE(db().write_now([](Transaction& t) -> Result<void> {
    HY_TRY(t.execute("CREATE TABLE pairs (low BIGINT NOT NULL, high BIGINT NOT NULL, PRIMARY KEY (low, high))"));
    return t.insert_rows("pairs", {"low", "high"}, {values(1, 2)});
  }));
  const auto again =
      db().write_now([](Transaction& t) { return t.insert_rows("pairs", {"low", "high"}, {values(1, 2)}); });
  EXPECT_EQ(again.error().code, ErrorCode::already_exists);
  EXPECT_EQ(again.error().detail, "pairs.low, pairs.high");
}

TEST_F(MysqlTest, WhatDoesNotFitIsRefused) {
  const auto outcome = db().write_now([](Transaction& t) { return add(t, 1, std::string(21, 'x')); });
  EXPECT_EQ(outcome.error().code, ErrorCode::internal);
  EXPECT_EQ(one("SELECT COUNT(*) FROM items"), 0);
}

TEST_F(MysqlTest, OnlyOneProcessMayBeAlone) {
  ConnectionOptions options = temporary_.options();
  options.server->alone = true;
  options.busy_timeout = std::chrono::milliseconds(1);
  const auto connect_now = [&] { return connect(options, Access::write); };
  auto first = connect_now();
  EXPECT_THROW(connect_now(), std::runtime_error);
  first.reset();
  // The server may still have to notice that it is gone.
  options.busy_timeout = std::chrono::seconds(10);
  EXPECT_NO_THROW(connect_now());
}

TEST_F(MysqlTest, RefusalsNeverQuoteThePassword) {
  ConnectionOptions options = temporary_.options();
  options.server->user = "nobody";
  options.server->password = "hush'\\";
  try {
    (void)connect(options, Access::read);
    FAIL() << "let in";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string_view(error.what()).find("Access denied"), std::string_view::npos) << error.what();
    EXPECT_EQ(std::string_view(error.what()).find("hush"), std::string_view::npos);
  }
}

class MysqlMigrationsTest : public MysqlTest {
 protected:
  static constexpr std::string_view kScript =
      "CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY);\n"
      "INSERT INTO a (id) VALUES (1);\n"
      "ALTER TABLE a ADD COLUMN b BIGINT NOT NULL DEFAULT 0;\n"
      "UPDATE a SET b = b + 1;\n"
      "CREATE INDEX a_by_b ON a (b);";
  const Migration whole_{1, "whole", "aaaa", kScript};

  Result<void> run(const Migration& migration) { return migrate(db(), std::span(&migration, 1), SystemClock()); }
  void execute(const std::string& statement) {
    ASSERT_TRUE(db().write_now([&](Transaction& t) { return t.execute(statement); }));
  }
  // What a crash leaves once `done` statements are noted as done, and the next one as begun or not.
  void crash_after(int done, bool begun) {
    execute("INSERT INTO schema_migrations (number, name, checksum, applied_ms) VALUES (1, 'whole', 'aaaa', 0)");
    execute(
        "CREATE TABLE schema_progress (number BIGINT NOT NULL PRIMARY KEY, steps BIGINT NOT NULL, running SMALLINT NOT"
        " NULL)");
    execute("INSERT INTO schema_progress VALUES (1, " + std::to_string(done) + ", " + (begun ? "1)" : "0)"));
  }
  void expect_whole() {
    EXPECT_EQ(one("SELECT COUNT(*) FROM a WHERE id = 1 AND b = 1"), 1);
    EXPECT_EQ(one("SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name ="
                  " 'a_by_b'"),
              1);
    EXPECT_EQ(one("SELECT COUNT(*) FROM schema_progress"), 0);
    EXPECT_EQ(one("SELECT COUNT(*) FROM schema_migrations WHERE applied_ms > 0"), 1);
  }
};

TEST_F(MysqlMigrationsTest, GoesOnWhereACrashStoppedIt) {
  const std::vector<std::string> statements{
      "CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY)", "INSERT INTO a (id) VALUES (1)",
      "ALTER TABLE a ADD COLUMN b BIGINT NOT NULL DEFAULT 0", "UPDATE a SET b = b + 1", "CREATE INDEX a_by_b ON a (b)"};
  // The record alone is made by a migration of nothing.
  for (int executed = 0; executed <= 5; ++executed) {
    for (const bool noted : {true, false}) {
      // What changes rows is never done without being noted.
      const bool schema = executed == 1 || executed == 3 || executed == 5;
      if (!noted && !schema) continue;
      SCOPED_TRACE(std::to_string(executed) + (noted ? " noted" : " done, but not noted"));
      ASSERT_TRUE(migrate(db(), {}, SystemClock()));
      for (int i = 0; i < executed; ++i) execute(statements[static_cast<std::size_t>(i)]);
      crash_after(noted ? executed : executed - 1, !noted);
      const auto outcome = run(whole_);
      EXPECT_TRUE(outcome) << outcome.error().detail;
      expect_whole();
      EXPECT_TRUE(run(whole_));
      for (const char* table : {"a", "schema_progress", "schema_migrations"})
        execute(std::string("DROP TABLE ") + table);
    }
  }
}

TEST_F(MysqlMigrationsTest, AfterAFailureOnlyTheSameMigrationGoesOn) {
  const Migration second{2, "second", "bbbb", "CREATE TABLE c (id BIGINT); INSERT INTO nowhere VALUES (1);"};
  const auto both = [&](const Migration& last) { return migrate(db(), std::array{whole_, last}, SystemClock()); };
  const auto failed = both(second);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().detail.find("statement 2 of 2 of migration 0002_second"), std::string::npos)
      << failed.error().detail;
  // An older program, and one that has changed it meanwhile.
  EXPECT_EQ(run(whole_).error().code, ErrorCode::conflict);
  const Migration changed{2, "second", "cccc", "CREATE TABLE d (id BIGINT);"};
  EXPECT_EQ(both(changed).error().code, ErrorCode::conflict);
  execute("CREATE TABLE nowhere (id BIGINT)");
  EXPECT_TRUE(both(second));
  EXPECT_EQ(one("SELECT COUNT(*) FROM nowhere"), 1);
}

TEST_F(MysqlMigrationsTest, ATableThatSomebodyElseMadeIsNotTakenForOnesOwn) {
  execute("CREATE TABLE a (other BIGINT)");
  for (int round = 0; round < 2; ++round) EXPECT_FALSE(run(whole_));
}

}  // namespace
}  // namespace hongyan::sql
