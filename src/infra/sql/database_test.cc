#include "infra/sql/database.h"

#include <gtest/gtest.h>

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
  TemporaryDatabase temporary_{testing::Tables::none};
};

TEST_F(DatabaseTest, BindsAndFetchesEveryType) {
  const std::string odd("a\0b'\"; 鸿", 10);
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

TEST_F(DatabaseTest, InsertRowsSplitsWhatIsTooBigForOneStatement) {
  ASSERT_TRUE(db().write_now([](Transaction& t) {
    return t.execute("CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY, bytes MEDIUMBLOB)");
  }));
  // Bytes that are no UTF-8, more of them than MariaDB takes at once.
  const std::string bytes(1'000'000, '\xff');
  std::vector<std::vector<Value>> rows;
  for (int i = 0; i < 20; ++i) rows.push_back(values(i, bytes));
  ASSERT_TRUE(db().write_now([&](Transaction& t) { return t.insert_rows("things", {"id", "bytes"}, rows); }));
  const auto kept = db().read_now([](Session& s) { return s.query<std::string>("SELECT bytes FROM things"); });
  ASSERT_EQ(kept->size(), 20U);
  for (const auto& [one] : *kept) EXPECT_EQ(one, bytes);
}

TEST_F(DatabaseTest, RowsThatWereAsTheyShouldBeCountAsFound) {
  ASSERT_TRUE(db().write_now([](Transaction& t) { return add(t, 1, "one"); }));
  const auto rename = [](Transaction& t) { return t.execute("UPDATE items SET name = :name WHERE id = 1", "one"); };
  EXPECT_EQ(db().write_now(rename).value(), 1);
}

TEST_F(DatabaseTest, TextIsComparedByItsBytes) {
  ASSERT_TRUE(db().write_now([](Transaction& t) -> Result<void> {
    int id = 0;
    for (const char* name : {"a", "A", "\u00e4", "B", "\u9e3f"}) HY_TRY(add(t, ++id, name));
    return {};
  }));
  const auto names =
      db().read_now([](Session& s) { return s.query<std::string>("SELECT name FROM items ORDER BY name"); });
  std::string order;
  for (const auto& [name] : *names) order += name;
  EXPECT_EQ(order, "ABa\u00e4\u9e3f");
  const auto found =
      db().read_now([](Session& s) { return s.query<int>("SELECT id FROM items WHERE name = :name", "A"); });
  EXPECT_EQ(found.value(), std::vector{std::tuple(2)});
}

TEST_F(DatabaseTest, NumbersAreDenseOverRollbacks) {
  ASSERT_TRUE(db().write_now([&](Transaction& t) -> Result<void> {
    if (db().dialect() == Dialect::sqlite) {
      HY_TRY(t.execute("CREATE TABLE papers (paper_id INTEGER PRIMARY KEY AUTOINCREMENT, text VARCHAR(20))"));
      return {};
    }
    HY_TRY(t.execute("CREATE TABLE papers (paper_id BIGINT NOT NULL PRIMARY KEY, text VARCHAR(20))"));
    HY_TRY(
        t.execute("CREATE TABLE numbered_tables (table_name VARCHAR(64) NOT NULL PRIMARY KEY, last BIGINT NOT NULL)"));
    HY_TRY(t.execute("INSERT INTO numbered_tables VALUES ('papers', 0)"));
    return {};
  }));
  const auto append = [](Transaction& t) { return t.insert_numbered("papers", "paper_id", {"text"}, values("x")); };
  EXPECT_EQ(db().write_now(append).value(), 1);
  EXPECT_FALSE(db().write_now([&](Transaction& t) -> Result<void> {
    EXPECT_EQ(append(t).value(), 2);
    return fail(ErrorCode::conflict);
  }));
  EXPECT_EQ(db().write_now(append).value(), 2);
  ASSERT_TRUE(db().write_now([](Transaction& t) { return t.execute("DELETE FROM papers"); }));
  EXPECT_EQ(db().write_now(append).value(), 3);
  EXPECT_EQ(db().read_now([](Session& s) { return s.last_number("papers"); }).value(), 3);
  EXPECT_FALSE(
      db().write_now([](Transaction& t) { return t.insert_numbered("items", "id", {"nothing"}, values("x")); }));
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
  // A second Database stands for another process: only begin_write() keeps the two apart.
  Database other(temporary_.options(), 1, temporary_.read_pool(), temporary_.write_pool());
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
  ConnectionOptions impatient = temporary_.options();
  impatient.busy_timeout = std::chrono::milliseconds(1);
  Database other(impatient, 1, temporary_.read_pool(), temporary_.write_pool());
  ASSERT_TRUE(db().write_now([&](Transaction&) -> Result<void> {
    EXPECT_EQ(other.write_now([](Transaction& t) { return add(t, 1, "one"); }).error().code, ErrorCode::unavailable);
    return {};
  }));
  EXPECT_TRUE(other.write_now([](Transaction& t) { return add(t, 1, "one"); }));
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

}  // namespace
}  // namespace hongyan::sql
