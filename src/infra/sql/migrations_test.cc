#include "infra/sql/migrations.h"

#include <gtest/gtest.h>

#include <vector>

#include "infra/sql/testing/temporary_database.h"

namespace hongyan::sql {
namespace {

using Migrations = std::vector<Migration>;

const Migration kFirst{1, "first", "aaaa", R"sql(
-- A comment; with a semicolon.
CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY, note VARCHAR(20) DEFAULT ';');
CREATE TABLE b (id BIGINT NOT NULL PRIMARY KEY);
-- At the end.
)sql"};
const Migration kSecond{2, "second", "bbbb", "INSERT INTO a (id) VALUES (7);"};

class MigrationsTest : public ::testing::Test {
 protected:
  Database& db() { return temporary_.database(); }

  Result<void> run(const Migrations& migrations) { return migrate(db(), migrations, clock_); }

  std::vector<std::int64_t> ints(const char* statement) {
    const auto rows = db().read_now([&](Session& s) { return s.query<std::int64_t>(statement); });
    std::vector<std::int64_t> list;
    for (const auto& [value] : rows.value()) list.push_back(value);
    return list;
  }

  ManualClock clock_;
  sql::testing::TemporaryDatabase temporary_{testing::Tables::none};
};

using Ints = std::vector<std::int64_t>;

TEST_F(MigrationsTest, AppliesWhatIsMissingOnce) {
  ASSERT_TRUE(run({kFirst}));
  EXPECT_EQ(ints("SELECT COUNT(*) FROM a"), Ints{0});
  ASSERT_TRUE(run({kFirst, kSecond}));
  ASSERT_TRUE(run({kFirst, kSecond}));
  EXPECT_EQ(ints("SELECT id FROM a"), Ints{7});
  EXPECT_EQ(ints("SELECT number FROM schema_migrations ORDER BY number"), (Ints{1, 2}));
  EXPECT_EQ(ints("SELECT applied_ms FROM schema_migrations WHERE number = 2"), Ints{clock_.now().value});
}

TEST_F(MigrationsTest, RefusesADatabaseNewerThanTheProgram) {
  ASSERT_TRUE(run({kFirst, kSecond}));
  const auto outcome = run({kFirst});
  EXPECT_EQ(outcome.error().code, ErrorCode::conflict);
  EXPECT_NE(outcome.error().detail.find("migration 2"), std::string::npos);
}

TEST_F(MigrationsTest, RefusesAChangedMigrationBeforeItDoesAnything) {
  ASSERT_TRUE(run({kFirst}));
  Migration changed = kFirst;
  changed.checksum = "cccc";
  EXPECT_EQ(run({changed, kSecond}).error().code, ErrorCode::conflict);
  EXPECT_EQ(ints("SELECT COUNT(*) FROM a"), Ints{0});
}

TEST_F(MigrationsTest, AFailingMigrationIsNotApplied) {
  const Migration broken{2, "broken", "dddd", "INSERT INTO a (id) VALUES (8); INSERT INTO nowhere VALUES (1);"};
  EXPECT_FALSE(run({kFirst, broken}));
  EXPECT_EQ(ints("SELECT number FROM schema_migrations WHERE applied_ms > 0"), Ints{1});
}

TEST_F(MigrationsTest, RefusesAHoleInTheNumbers) { EXPECT_FALSE(run({kSecond})); }

TEST_F(MigrationsTest, TheEmbeddedOnesApplyToAFreshDatabaseAndAgain) {
  const auto embedded = embedded_migrations(db().dialect());
  ASSERT_FALSE(embedded.empty());
  for (int round = 0; round < 2; ++round) {
    const auto outcome = migrate(db(), clock_);
    EXPECT_TRUE(outcome) << outcome.error().detail;
  }
  EXPECT_EQ(ints("SELECT COUNT(*) FROM schema_migrations WHERE applied_ms > 0"),
            Ints{static_cast<std::int64_t>(embedded.size())});
}

}  // namespace
}  // namespace hongyan::sql
