#include "infra/kv/logged_database.h"

#include <gtest/gtest.h>

#include <fstream>
#include <latch>
#include <map>
#include <random>
#include <thread>

#include "base/testing/temporary_folder.h"
#include "infra/kv/testing/database.h"

namespace hongyan::kv {
namespace {

using testing::commit_one;
using testing::keys_of;
using testing::kPlain;
using testing::kPrefixed;
using testing::kSequence;

LoggedOptions options_in(const std::filesystem::path& folder, std::size_t segment_bytes) {
  LoggedOptions options;
  options.rocks.folder = folder;
  options.rocks.families = testing::contract_families();
  options.segment_bytes = segment_bytes;
  return options;
}

class LoggedDatabaseTest : public ::testing::Test {
 protected:
  std::unique_ptr<LoggedDatabase> open(std::size_t segment_bytes = 1 << 20) {
    return LoggedDatabase::open(options_in(folder_ / "db", segment_bytes), metrics_).value();
  }
  std::string refusal() const {
    metrics::Metrics metrics;
    const auto opened = LoggedDatabase::open(options_in(folder_ / "db", 1 << 20), metrics);
    return opened ? "" : opened.error().detail;
  }

  std::vector<std::filesystem::path> segments() const {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "db" / "log")) {
      if (entry.path().extension() == ".wal") found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
  }

  TemporaryFolder folder_;
  metrics::Metrics metrics_;
};

// What the database should hold.
using Model = std::map<std::string, std::string>;

Model rows_of(const Database& database, Family family, bool descending) {
  Model rows;
  std::string last = descending ? "~" : "";
  EXPECT_TRUE(database.scan(family, {.from = "", .to = "~", .descending = descending, .many_prefixes = true},
                            [&](std::string_view key, std::string_view value) {
                              EXPECT_TRUE(descending ? key < last : key > last) << key << " after " << last;
                              last = key;
                              rows.emplace(key, value);
                              return true;
                            }));
  return rows;
}

// What single looks find, of all keys that the test below writes.
Model looked_up(const Database& database) {
  Model rows;
  for (int number = 100; number < 300; ++number) {
    const std::string key = std::to_string(number);
    if (auto value = database.get(kPlain, key).value()) rows.emplace(key, *std::move(value));
  }
  return rows;
}

TEST_F(LoggedDatabaseTest, HoldsWhatAModelHoldsWhereverItLies) {
  std::mt19937 random(7);
  const auto below = [&random](int end) { return std::uniform_int_distribution(0, end - 1)(random); };
  std::array<Model, 3> models;
  auto database = open(2000);
  for (int step = 0; step < 600; ++step) {
    WriteBatch batch;
    for (int i = below(5); i >= 0; --i) {
      const auto family = static_cast<std::size_t>(below(3));
      const std::string key = std::to_string(100 + below(200));
      if (below(4) == 0) {
        batch.erase(Family{family}, key);
        models[family].erase(key);
      } else {
        const std::string value = std::to_string(step) + std::string(static_cast<std::size_t>(below(50)), 'x');
        batch.put(Family{family}, key, value);
        models[family].insert_or_assign(key, value);
      }
    }
    if (below(30) == 0) {
      const std::string floor = std::to_string(100 + below(100));
      batch.erase_below(kSequence, floor);
      models[2].erase(models[2].begin(), models[2].lower_bound(floor));
    }
    ASSERT_TRUE(database->commit(std::move(batch)));
    if (below(40) == 0) {
      ASSERT_TRUE(database->settle());
    }
    if (below(60) == 0) {
      ASSERT_TRUE(database->reopen());
    }
    if (below(60) == 0) {
      database.reset();
      database = open(2000);
    }
    if (step % 20 != 0) continue;
    for (std::size_t family = 0; family < models.size(); ++family) {
      ASSERT_EQ(rows_of(*database, Family{family}, step % 40 == 0), models[family]) << "step " << step;
    }
    ASSERT_EQ(looked_up(*database), models[0]) << "step " << step;
    const std::string from = std::to_string(100 + below(100));
    std::vector<std::string> page;
    for (auto row = models[2].lower_bound(from); row != models[2].end() && page.size() < 10; ++row)
      page.push_back(row->first);
    ASSERT_EQ(keys_of(*database, {from, "999"}, kSequence, 10), page);
  }
}

TEST_F(LoggedDatabaseTest, ALongScanSeesEveryKeyOnce) {
  const auto database = open();
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(commit_one(*database, "aa" + std::to_string(1000 + i), "v", kPrefixed));
    if (i == 300) {
      ASSERT_TRUE(database->settle());
    }
  }
  EXPECT_EQ(keys_of(*database, {"aa", "aa~"}, kPrefixed, 5000).size(), 1000u);
  EXPECT_EQ(keys_of(*database, {"aa", "aa~", true}, kPrefixed, 5000).size(), 1000u);
}

TEST_F(LoggedDatabaseTest, CommitsAtTheSameTimeShareASync) {
  const auto database = open();
  constexpr int kThreads = 8;
  constexpr int kEach = 100;
  std::latch ready(kThreads);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      ready.arrive_and_wait();
      for (int i = 0; i < kEach; ++i) {
        const std::string key = std::to_string(thread) + "-" + std::to_string(i);
        ASSERT_TRUE(commit_one(*database, key, "v"));
        ASSERT_EQ(database->get(kPlain, key).value(), "v");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(rows_of(*database, kPlain, false).size(), static_cast<std::size_t>(kThreads * kEach));
  const std::string text = metrics_.text();
  EXPECT_NE(text.find("hongyan_store_commits_total 800"), std::string::npos) << text;
  EXPECT_EQ(text.find("hongyan_store_fsyncs_total 800"), std::string::npos) << text;
}

TEST_F(LoggedDatabaseTest, LearnsWhichKeysAreAbsent) {
  {
    const auto database = open();
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(commit_one(*database, std::to_string(i), "v"));
    ASSERT_TRUE(database->settle());
  }
  const auto database = open();
  const auto learned = [this] {
    return metrics_.text().find("hongyan_store_known_absent_total 0") == std::string::npos;
  };
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!learned() && std::chrono::steady_clock::now() < until) {
    ASSERT_EQ(database->get(kPlain, "absent").value(), std::nullopt);
  }
  ASSERT_TRUE(learned());
  ASSERT_TRUE(commit_one(*database, "later", "v"));
  ASSERT_TRUE(database->settle());
  const std::vector<std::string> keys{"absent", "0", "99", "100", "later"};
  const std::vector<std::optional<std::string>> expected{std::nullopt, "v", "v", std::nullopt, "v"};
  EXPECT_EQ(database->multi_get(kPlain, keys).value(), expected);
  ASSERT_TRUE(database->reopen());
  EXPECT_EQ(database->multi_get(kPlain, keys).value(), expected);
}

TEST_F(LoggedDatabaseTest, FullSegmentsAreMovedAndGo) {
  const auto database = open(10'000);
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(commit_one(*database, std::to_string(i), std::string(1000, 'x')));
  ASSERT_TRUE(database->settle());
  EXPECT_EQ(segments().size(), 1u);
  EXPECT_EQ(rows_of(*database, kPlain, false).size(), 200u);
}

TEST_F(LoggedDatabaseTest, ATornTailIsCutOff) {
  {
    const auto database = open();
    ASSERT_TRUE(commit_one(*database, "first", std::string(1000, 'a')));
    ASSERT_TRUE(commit_one(*database, "second", std::string(1000, 'b')));
  }
  {
    std::fstream segment(segments().back(), std::ios::in | std::ios::out | std::ios::binary);
    segment.seekp(1500);
    segment.put('!');
  }
  const auto database = open();
  EXPECT_TRUE(database->get(kPlain, "first").value().has_value());
  EXPECT_FALSE(database->get(kPlain, "second").value().has_value());
}

TEST_F(LoggedDatabaseTest, RefusesDamageThatIsNoTornTail) {
  {
    const auto database = open();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(commit_one(*database, std::to_string(i), std::string(1000, 'a')));
  }
  {
    std::fstream segment(segments().back(), std::ios::in | std::ios::out | std::ios::binary);
    segment.seekp(1500);
    segment.put('!');
  }
  EXPECT_NE(refusal().find("damaged beyond a torn tail"), std::string::npos) << refusal();
}

TEST_F(LoggedDatabaseTest, RefusesALostSegment) {
  {
    const auto database = open();
    ASSERT_TRUE(commit_one(*database, "a", "v"));
  }
  std::filesystem::remove(segments().back());
  EXPECT_NE(refusal().find("are missing"), std::string::npos) << refusal();
}

TEST_F(LoggedDatabaseTest, ChangesOfFamiliesThatAreNotKnownAreRefused) {
  {
    auto newer = options_in(folder_ / "db", 1 << 20);
    newer.rocks.families.push_back({"later"});
    const auto database = LoggedDatabase::open(newer, metrics_).value();
    ASSERT_TRUE(commit_one(*database, "a", "v", Family{3}));
  }
  EXPECT_NE(refusal().find("newer version"), std::string::npos) << refusal();
}

}  // namespace
}  // namespace hongyan::kv
