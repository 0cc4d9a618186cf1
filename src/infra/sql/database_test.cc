#include "infra/sql/database.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <latch>
#include <stdexcept>
#include <thread>

#include "infra/async/io_threads.h"
#include "infra/sql/testing/temporary_database.h"

namespace hongyan::sql {
namespace {

using testing::TemporaryDatabase;

class DatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(db().write_now([](Transaction& t) {
      return t.execute("CREATE TABLE items (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(20) UNIQUE, size DOUBLE)");
    }));
  }

  Database& db() { return temporary_.database(); }

  std::int64_t count() {
    return db()
        .read_now([](Session& s) -> Result<std::int64_t> {
          HY_TRY(const auto row, s.query_one<std::int64_t>("SELECT COUNT(*) FROM items"));
          return std::get<0>(*row);
        })
        .value();
  }

  static Result<std::int64_t> add(Transaction& t, int id, std::string name) {
    return t.execute("INSERT INTO items (id, name) VALUES (:id, :name)", id, std::move(name));
  }

  // First, so that it outlives the pools: what they finish resumes here.
  async::IoThreads io_{1};
  TemporaryDatabase temporary_;
};

TEST_F(DatabaseTest, BindsAndFetchesEveryType) {
  const std::string odd("a\0b'\"; 鸿", 9);
  ASSERT_TRUE(db().write_now([&](Transaction& t) {
    return t.execute("INSERT INTO items VALUES (:a, :b, :c)", UserId(0x7fffffffffffffffU), odd, 1.5);
  }));
  ASSERT_TRUE(db().write_now([](Transaction& t) {
    return t.execute("INSERT INTO items VALUES (:a, :b, :c)", 2, nullptr, std::optional<double>());
  }));
  const auto rows = db().read_now([](Session& s) {
    return s.query<UserId, std::optional<std::string>, std::optional<double>>(
        "SELECT id, name, size FROM items ORDER BY id");
  });
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[0], std::make_tuple(UserId(2), std::optional<std::string>(), std::optional<double>()));
  EXPECT_EQ((*rows)[1], std::make_tuple(UserId(0x7fffffffffffffffU), std::optional(odd), std::optional(1.5)));
}

TEST_F(DatabaseTest, RefusesNullWhereTheSchemaPromisedNone) {
  ASSERT_TRUE(db().write_now([](Transaction& t) { return t.execute("INSERT INTO items (id) VALUES (:id)", 1); }));
  const auto rows = db().read_now([](Session& s) { return s.query<std::string>("SELECT name FROM items"); });
  EXPECT_EQ(rows.error().code, ErrorCode::internal);
}

TEST_F(DatabaseTest, UniqueViolationNamesTheConstraint) {
  ASSERT_TRUE(db().write_now([](Transaction& t) { return add(t, 1, "one"); }));
  const auto by_name = db().write_now([](Transaction& t) { return add(t, 2, "one"); });
  EXPECT_EQ(by_name.error().code, ErrorCode::already_exists);
  EXPECT_EQ(by_name.error().detail, "items.name");
  const auto by_key = db().write_now([](Transaction& t) { return add(t, 1, "two"); });
  EXPECT_EQ(by_key.error().detail, "items.id");
}

TEST_F(DatabaseTest, ErrorsNeverQuoteParameters) {
  const auto result =
      db().write_now([](Transaction& t) { return t.execute("INSERT INTO nowhere VALUES (:a)", "secret"); });
  EXPECT_EQ(result.error().code, ErrorCode::internal);
  EXPECT_EQ(result.error().detail.find("secret"), std::string::npos);
}

TEST_F(DatabaseTest, RollsBackOnErrorAndOnException) {
  const auto refused = db().write_now([](Transaction& t) -> Result<void> {
    HY_TRY(add(t, 1, "one"));
    return fail(ErrorCode::permission_denied);
  });
  EXPECT_EQ(refused.error().code, ErrorCode::permission_denied);
  const auto thrown = db().write_now([](Transaction& t) -> Result<void> {
    HY_TRY(add(t, 1, "one"));
    throw std::runtime_error("bug");
  });
  EXPECT_EQ(thrown.error().code, ErrorCode::internal);
  EXPECT_EQ(thrown.error().detail, "bug");
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(db().write_now([](Transaction& t) { return add(t, 1, "one"); }));
}

TEST_F(DatabaseTest, HooksRunInOrderAfterCommitAndNeverAfterRollback) {
  std::vector<int> ran;
  const auto refused = db().write_now([&](Transaction& t) -> Result<void> {
    t.after_commit([&] { ran.push_back(-1); });
    return fail(ErrorCode::conflict);
  });
  EXPECT_FALSE(refused);
  ASSERT_TRUE(db().write_now([&](Transaction& t) -> Result<void> {
    // A reader inside the hook sees the row only if COMMIT came first.
    t.after_commit([&] { ran.push_back(static_cast<int>(count())); });
    t.after_known_commit([&] { ran.push_back(2); });
    t.after_commit([&] { ran.push_back(3); });
    HY_TRY(add(t, 1, "one"));
    EXPECT_TRUE(ran.empty());
    return {};
  }));
  EXPECT_EQ(ran, (std::vector<int>{1, 2, 3}));
}

TEST_F(DatabaseTest, InsertRowsSplitsLongLists) {
  std::vector<std::vector<Value>> rows;
  for (int i = 0; i < 1000; ++i) rows.push_back(values(i, "name" + std::to_string(i), 0.5));
  const auto insert = [&](Transaction& t) { return t.insert_rows("items", {"id", "name", "size"}, rows); };
  ASSERT_TRUE(db().write_now(insert));
  EXPECT_EQ(count(), 1000);
  // More placeholders than one statement may have, and one row that is there already: nothing is kept.
  for (int i = 1000; i < 30'000; ++i) rows.push_back(values(i, "name" + std::to_string(i), 0.5));
  EXPECT_EQ(db().write_now(insert).error().code, ErrorCode::already_exists);
  EXPECT_EQ(count(), 1000);
  rows.erase(rows.begin(), rows.begin() + 1000);
  ASSERT_TRUE(db().write_now(insert));
  EXPECT_EQ(count(), 30'000);
  EXPECT_TRUE(db().write_now([&](Transaction& t) { return t.insert_rows("items", {"id"}, {}); }));
}

TEST_F(DatabaseTest, InListsAreBound) {
  for (int i = 1; i <= 4; ++i)
    ASSERT_TRUE(db().write_now([i](Transaction& t) { return add(t, i, std::to_string(i)); }));
  const auto rows = db().read_now([](Session& s) {
    return s.query_with<int>("SELECT id FROM items WHERE id IN " + placeholders(3) + " ORDER BY id", values(3, 1, 9));
  });
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ(std::get<0>((*rows)[0]), 1);
  EXPECT_EQ(std::get<0>((*rows)[1]), 3);
}

TEST_F(DatabaseTest, ReadersSeeWhatIsCommittedWhileAWriterIsOpen) {
  ASSERT_TRUE(db().write_now([](Transaction& t) { return add(t, 1, "one"); }));
  ASSERT_TRUE(db().write_now([this](Transaction& t) -> Result<void> {
    HY_TRY(add(t, 2, "two"));
    EXPECT_EQ(count(), 1);
    return {};
  }));
  EXPECT_EQ(count(), 2);
}

TEST_F(DatabaseTest, AReadIsOneSnapshot) {
  ASSERT_TRUE(db().read_now([this](Session& s) -> Result<void> {
    HY_TRY(const auto before, s.query<int>("SELECT id FROM items"));
    HY_TRY(db().write_now([](Transaction& t) { return add(t, 1, "one"); }));
    HY_TRY(const auto after, s.query<int>("SELECT id FROM items"));
    EXPECT_EQ(before.size(), after.size());
    return {};
  }));
}

TEST_F(DatabaseTest, ReadersCannotWrite) {
  EXPECT_FALSE(db().read_now([](Session& s) { return s.execute("DELETE FROM items"); }));
}

TEST_F(DatabaseTest, ReadModifyWriteLosesNothingBetweenThreadsAndConnections) {
  ASSERT_TRUE(db().write_now([](Transaction& t) { return t.execute("INSERT INTO items VALUES (1, 'n', 0)"); }));
  // A second Database on the same file stands for another process: only BEGIN IMMEDIATE keeps the two apart.
  Database other({temporary_.file()}, 1, temporary_.read_pool(), temporary_.write_pool());
  const auto increment = [](Transaction& t) -> Result<void> {
    HY_TRY(const auto row, t.query_one<double>("SELECT size FROM items WHERE id = 1"));
    HY_TRY(t.execute("UPDATE items SET size = :s WHERE id = 1", std::get<0>(*row) + 1));
    return {};
  };
  std::latch go(4);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      go.arrive_and_wait();
      for (int round = 0; round < 25; ++round) EXPECT_TRUE((i % 2 == 0 ? db() : other).write_now(increment));
    });
  }
  threads.clear();
  const auto row = db().read_now([](Session& s) { return s.query_one<double>("SELECT size FROM items"); });
  EXPECT_EQ(std::get<0>(**row), 100);
}

TEST_F(DatabaseTest, ALockHeldElsewhereIsUnavailable) {
  Database other({temporary_.file(), std::chrono::milliseconds(1)}, 1, temporary_.read_pool(), temporary_.write_pool());
  ASSERT_TRUE(db().write_now([&](Transaction&) -> Result<void> {
    EXPECT_EQ(other.write_now([](Transaction& t) { return add(t, 1, "one"); }).error().code, ErrorCode::unavailable);
    return {};
  }));
  EXPECT_TRUE(other.write_now([](Transaction& t) { return add(t, 1, "one"); }));
}

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

TEST_F(DatabaseTest, ACommitThatFailsIsUnavailableAndRunsTheHooks) {
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

TEST_F(DatabaseTest, ADeferredConstraintRefusesTheCommit) {
  ASSERT_TRUE(db().write_now([](Transaction& t) {
    return t.execute_script("CREATE TABLE parts (item BIGINT REFERENCES items (id) DEFERRABLE INITIALLY DEFERRED);");
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

TEST_F(DatabaseTest, FilesAreForTheOwnerOnly) {
  for (const char* suffix : {"", "-wal"}) {
    struct stat info{};
    ASSERT_EQ(::stat((temporary_.file().string() + suffix).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U) << suffix;
  }
}

async::Task<Result<std::int64_t>> write_then_count(Database& database) {
  const auto deadline = async::deadline_in(std::chrono::seconds(5));
  HY_CO_TRY(co_await database.write(
      deadline, [](Transaction& t) { return t.execute("INSERT INTO items (id) VALUES (:id)", 1); }));
  HY_CO_TRY(const auto rows,
            co_await database.read(deadline, [](Session& s) { return s.query<int>("SELECT id FROM items"); }));
  co_return static_cast<std::int64_t>(rows.size());
}

TEST_F(DatabaseTest, CoroutinesReadTheirOwnWrites) {
  EXPECT_EQ(async::start(io_.context(0).get_executor(), write_then_count(db())).get().value(), 1);
}

TEST(DatabaseOpen, SaysWhyItCannot) {
  async::BlockingPool pool("db", 1, 1);
  EXPECT_THROW(Database({"/proc/no/such/folder/x.db"}, 1, pool, pool), std::runtime_error);
}

TEST_F(DatabaseTest, WhatIsPurgedIsInNoFile) {
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
  EXPECT_EQ(count(), 417);
}

TEST_F(DatabaseTest, PurgesNothingWhileSomebodyReadsWhatWas) {
  ASSERT_TRUE(db().write_now([](Transaction& t) { return add(t, 1, "one"); }));
  Database impatient({temporary_.file(), std::chrono::milliseconds(1)}, 1, temporary_.read_pool(),
                     temporary_.write_pool());
  const auto refused = db().read_now([&](Session& s) -> Result<ErrorCode> {
    HY_TRY(s.query_one<std::int64_t>("SELECT COUNT(*) FROM items"));
    HY_TRY(impatient.write_now([](Transaction& t) { return add(t, 2, "two"); }));
    const auto purged = impatient.purge_now();
    return purged ? ErrorCode{} : purged.error().code;
  });
  EXPECT_EQ(refused.value(), ErrorCode::unavailable);
  EXPECT_TRUE(impatient.purge_now());
}

}  // namespace
}  // namespace hongyan::sql
