// What only a database in a file can do: a disk that is full, modes of files, constraints that wait for COMMIT.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "infra/sql/migrations.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::sql {
namespace {

class SqliteTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(db().write_now([](Transaction& t) {
      return t.execute("CREATE TABLE items (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(20) UNIQUE)");
    }));
  }

  Database& db() { return temporary_.database(); }

  static Result<std::int64_t> add(Transaction& t, int id, std::string name) {
    return t.execute("INSERT INTO items (id, name) VALUES (:id, :name)", id, std::move(name));
  }

  testing::TemporaryDatabase temporary_;
};

// Lets no file grow while it lives, so that the log cannot be written. Process-wide.
class FullDisk {
 public:
  FullDisk() {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none{0, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(SqliteTest, ACommitThatFailsIsUnavailableAndRunsTheHooks) {
  bool ran = false;
  {
    const FullDisk full;
    const auto outcome = db().write_now([&](Transaction& t) -> Result<void> {
      t.after_commit([&] { ran = true; });
      t.after_known_commit([] { ADD_FAILURE() << "nobody knows whether it is on disk"; });
      HY_TRY(add(t, 1, "one"));
      return {};
    });
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::unavailable);
  }
  EXPECT_TRUE(ran);
  // The writer recovers by itself once there is space.
  EXPECT_TRUE(db().write_now([](Transaction& t) { return add(t, 2, "two"); }));
}

TEST_F(SqliteTest, ADeferredConstraintRefusesTheCommit) {
  ASSERT_TRUE(db().write_now([](Transaction& t) {
    return t.execute("CREATE TABLE parts (item BIGINT REFERENCES items (id) DEFERRABLE INITIALLY DEFERRED)");
  }));
  bool ran = false;
  const auto outcome = db().write_now([&](Transaction& t) {
    t.after_commit([&] { ran = true; });
    return t.execute("INSERT INTO parts VALUES (:i)", 77);
  });
  EXPECT_EQ(outcome.error().code, ErrorCode::internal);
  EXPECT_FALSE(ran);
  EXPECT_TRUE(db().write_now([](Transaction& t) { return add(t, 1, "one"); }));
}

// What is kept prepared from one run to the next.
TEST_F(SqliteTest, AStatementIsRunAgainWithOtherValues) {
  using Names = std::vector<std::tuple<std::optional<std::string>>>;
  const auto names = [this](int least) {
    const auto rows = db().read_now([least](Session& s) {
      return s.query<std::optional<std::string>>("SELECT name FROM items WHERE id >= :least ORDER BY id", least);
    });
    return rows.value();
  };
  EXPECT_EQ(names(1), Names());
  const auto put = [this](int id, std::optional<std::string> name) {
    return db().write_now([&](Transaction& t) {
      return t.execute("INSERT INTO items (id, name) VALUES (:id, :name)", id, std::move(name));
    });
  };
  ASSERT_TRUE(put(1, "one"));
  ASSERT_TRUE(put(2, std::nullopt));
  EXPECT_EQ(names(1), (Names{"one", std::nullopt}));
  EXPECT_EQ(put(3, "one").error().code, ErrorCode::already_exists);
  ASSERT_TRUE(put(3, "three"));
  EXPECT_EQ(names(2), (Names{std::nullopt, "three"}));
  EXPECT_EQ(names(3), Names{"three"});
}

TEST_F(SqliteTest, AStatementIsRunAgainOnTablesThatHaveChanged) {
  const auto count = [this] {
    const auto row = db().read_now([](Session& s) { return s.query_one<int>("SELECT COUNT(*) FROM items"); });
    return row && *row ? std::get<0>(**row) : -1;
  };
  const auto run = [this](const char* statement) {
    ASSERT_TRUE(db().write_now([&](Transaction& t) { return t.execute(statement); })) << statement;
  };
  ASSERT_TRUE(db().write_now([](Transaction& t) { return add(t, 1, "one"); }));
  EXPECT_EQ(count(), 1);
  run("ALTER TABLE items ADD COLUMN more BIGINT");
  EXPECT_EQ(count(), 1);
  run("DROP TABLE items");
  EXPECT_EQ(count(), -1);
  run("CREATE TABLE items (id BIGINT)");
  EXPECT_EQ(count(), 0);
}

TEST_F(SqliteTest, FilesAreForTheOwnerOnly) {
  for (const char* suffix : {"", "-wal"}) {
    struct stat info{};
    ASSERT_EQ(::stat((temporary_.file().string() + suffix).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U) << suffix;
  }
}

TEST_F(SqliteTest, AFailingMigrationLeavesNoTrace) {
  const Migration broken{1, "broken", "dddd", "CREATE TABLE c (id BIGINT); INSERT INTO nowhere VALUES (1);"};
  EXPECT_FALSE(migrate(db(), std::span(&broken, 1), SystemClock()));
  const auto tables =
      db().read_now([](Session& s) { return s.query<std::string>("SELECT name FROM sqlite_master WHERE name = 'c'"); });
  EXPECT_TRUE(tables->empty());
  EXPECT_TRUE(db().read_now([](Session& s) { return s.query<int>("SELECT number FROM schema_migrations"); })->empty());
}

TEST_F(SqliteTest, WhatIsPurgedIsInNoFile) {
  const auto found = [this] {
    bool found = false;
    for (const auto& entry : std::filesystem::directory_iterator(temporary_.folder())) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(file)), {});
      found = found || bytes.contains("Zerlina");
    }
    return found;
  };
  for (int i = 0; i < 500; ++i) {
    const std::string name = i % 3 == 0 ? "Zerlina " + std::to_string(i) : "somebody " + std::to_string(i);
    ASSERT_TRUE(db().write_now([&](Transaction& t) { return add(t, i, name); }));
  }
  ASSERT_TRUE(db().purge_now());
  ASSERT_TRUE(found()) << "in the database itself";
  ASSERT_TRUE(db().write_now([](Transaction& t) {
    return t.execute("UPDATE items SET name = 'x' || id WHERE name LIKE 'Zerlina%' AND id % 2 = 0");
  }));
  ASSERT_TRUE(db().write_now([](Transaction& t) { return t.execute("DELETE FROM items WHERE name LIKE 'Zerlina%'"); }));
  ASSERT_TRUE(db().purge_now());
  EXPECT_FALSE(found());
  EXPECT_EQ(db().read_now([](Session& s) { return s.query_one<int>("SELECT COUNT(*) FROM items"); }).value(),
            std::tuple(417));
}

TEST_F(SqliteTest, PurgesNothingWhileSomebodyReadsWhatWas) {
  ASSERT_TRUE(db().write_now([](Transaction& t) { return add(t, 1, "one"); }));
  Database impatient({.file = temporary_.file(), .busy_timeout = std::chrono::milliseconds(1)}, 1,
                     temporary_.read_pool(), temporary_.write_pool());
  const auto refused = db().read_now([&](Session& s) -> Result<ErrorCode> {
    HY_TRY(s.query_one<std::int64_t>("SELECT COUNT(*) FROM items"));
    HY_TRY(impatient.write_now([](Transaction& t) { return add(t, 2, "two"); }));
    const auto purged = impatient.purge_now();
    return purged ? ErrorCode{} : purged.error().code;
  });
  EXPECT_EQ(refused.value(), ErrorCode::unavailable);
  EXPECT_TRUE(impatient.purge_now());
}

TEST(SqliteOpen, SaysWhyItCannot) {
  async::BlockingPool pool("db", 1, 1);
  EXPECT_THROW(Database({"/proc/no/such/folder/x.db"}, 1, pool, pool), std::runtime_error);
}

}  // namespace
}  // namespace hongyan::sql
