#include "infra/kv/rocks_database.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <fstream>

#include "base/testing/temporary_folder.h"

namespace hongyan::kv {
namespace {

constexpr Family kPlain{0};
constexpr Family kPrefixed{1};

class RocksDatabaseTest : public ::testing::Test {
 protected:
  RocksOptions options() const {
    RocksOptions options;
    options.folder = folder_ / "db";
    options.families = {{"plain"}, {"prefixed", 2}};
    options.write_buffer_bytes = 4 << 20;
    return options;
  }
  Result<std::unique_ptr<RocksDatabase>> open() { return RocksDatabase::open(options(), metrics_); }

  // The logs of the closed database, oldest first.
  std::vector<std::filesystem::path> logs() const {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "db")) {
      if (entry.path().extension() == ".log") found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
  }

  TemporaryFolder folder_;
  metrics::Metrics metrics_;
};

Put put(std::string key, std::string value, Family family = kPlain) {
  return {family, std::move(key), std::move(value)};
}

Result<void> commit_one(RocksDatabase& database, std::string key, std::string value, Family family = kPlain) {
  const Put one = put(std::move(key), std::move(value), family);
  return database.commit(std::span(&one, 1));
}

std::vector<std::string> keys_of(const RocksDatabase& database, const KeyRange& range, std::size_t most = 100) {
  std::vector<std::string> keys;
  EXPECT_TRUE(database.scan(kPrefixed, range, [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return keys.size() < most;
  }));
  return keys;
}

TEST_F(RocksDatabaseTest, KeepsWhatWasCommittedAcrossOpenings) {
  {
    auto database = open().value();
    const std::vector puts{put("a", "1"), put("b", "2"), put("aa1", "x", kPrefixed)};
    ASSERT_TRUE(database->commit(puts));
  }
  auto database = open().value();
  const std::vector<std::string> keys{"b", "none", "a"};
  const auto values = database->multi_get(kPlain, keys).value();
  EXPECT_EQ(values, (std::vector<std::optional<std::string>>{"2", std::nullopt, "1"}));
  EXPECT_EQ(database->get(kPrefixed, "aa1").value(), "x");
  EXPECT_EQ(database->get(kPlain, "aa1").value(), std::nullopt);
}

TEST_F(RocksDatabaseTest, ScansBothWaysWithinBothEndsAndThePrefix) {
  auto database = open().value();
  for (const char* key : {"aa1", "aa2", "aa4", "ab1"}) ASSERT_TRUE(commit_one(*database, key, "v", kPrefixed));
  EXPECT_EQ(keys_of(*database, {"aa1", "aa3"}), (std::vector<std::string>{"aa1", "aa2"}));
  EXPECT_EQ(keys_of(*database, {"aa1", "aa3", true}), (std::vector<std::string>{"aa2", "aa1"}));
  EXPECT_EQ(keys_of(*database, {"aa0", "aa9", true}, 1), (std::vector<std::string>{"aa4"}));
  EXPECT_TRUE(keys_of(*database, {"ac0", "ac9"}).empty());
  EXPECT_TRUE(keys_of(*database, {"ac0", "ac9", true}).empty());
}

TEST_F(RocksDatabaseTest, ScansOverManyPrefixesWhenToldTo) {
  auto database = open().value();
  for (const char* key : {"aa1", "ab1", "b", "ba1"}) ASSERT_TRUE(commit_one(*database, key, "v", kPrefixed));
  EXPECT_EQ(keys_of(*database, {.from = "", .to = "ba0", .many_prefixes = true}),
            (std::vector<std::string>{"aa1", "ab1", "b"}));
  EXPECT_EQ(keys_of(*database, {.from = "aa2", .to = "zz", .descending = true, .many_prefixes = true}),
            (std::vector<std::string>{"ba1", "b", "ab1"}));
}

TEST_F(RocksDatabaseTest, ErasesEverythingBelowAKey) {
  std::string filler(1000, 'x');
  {
    auto database = open().value();
    // More than the write buffer holds, so that there are files to be dropped and rows to be marked.
    for (int block = 10; block < 16; ++block) {
      std::vector<Put> puts;
      for (int i = 1000; i < 2000; ++i) puts.push_back(put(std::to_string(block) + std::to_string(i), filler));
      puts.push_back(put(std::to_string(block), "v", kPrefixed));
      ASSERT_TRUE(database->commit(puts));
    }
    ASSERT_TRUE(database->erase_below(kPlain, "141500"));
    EXPECT_EQ(database->get(kPlain, "141499").value(), std::nullopt);
  }
  auto database = open().value();
  EXPECT_EQ(database->get(kPlain, "101000").value(), std::nullopt);
  EXPECT_EQ(database->get(kPlain, "141499").value(), std::nullopt);
  EXPECT_EQ(database->get(kPlain, "141500").value(), filler);
  EXPECT_EQ(database->get(kPlain, "151999").value(), filler);
  EXPECT_EQ(database->get(kPrefixed, "10").value(), "v");
}

TEST_F(RocksDatabaseTest, CountsCommitsAndSyncs) {
  auto database = open().value();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(commit_one(*database, "k", "v"));
  const std::string text = metrics_.text();
  EXPECT_NE(text.find("hongyan_store_commits_total 3"), std::string::npos) << text;
  // The first commit also counts the sync of the format's number.
  EXPECT_NE(text.find("hongyan_store_fsyncs_total 4"), std::string::npos) << text;
  EXPECT_NE(text.find("hongyan_store_commit_seconds_count 3"), std::string::npos) << text;
}

TEST_F(RocksDatabaseTest, RefusesASecondOwnerAndANewerFormat) {
  {
    auto database = open().value();
    const auto second = open();
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().detail.find("another process uses"), std::string::npos) << second.error().detail;
  }
  auto newer = options();
  newer.format = 2;
  ASSERT_TRUE(RocksDatabase::open(newer, metrics_));
  const auto older = open();
  ASSERT_FALSE(older);
  EXPECT_NE(older.error().detail.find("newer version"), std::string::npos) << older.error().detail;
}

TEST_F(RocksDatabaseTest, RefusesAFamilyItDoesNotKnow) {
  auto newer = options();
  newer.families.push_back({"later"});
  ASSERT_TRUE(RocksDatabase::open(newer, metrics_));
  const auto older = open();
  ASSERT_FALSE(older);
  EXPECT_NE(older.error().detail.find("newer version"), std::string::npos) << older.error().detail;
}

TEST_F(RocksDatabaseTest, CutsATornTailOff) {
  {
    auto database = open().value();
    ASSERT_TRUE(commit_one(*database, "first", std::string(1000, 'a')));
    ASSERT_TRUE(commit_one(*database, "second", std::string(1000, 'b')));
  }
  const auto log = logs().back();
  std::filesystem::resize_file(log, std::filesystem::file_size(log) - 500);
  auto database = open().value();
  EXPECT_TRUE(database->get(kPlain, "first").value().has_value());
  EXPECT_FALSE(database->get(kPlain, "second").value().has_value());
}

TEST_F(RocksDatabaseTest, RefusesDamageThatIsNoTornTail) {
  {
    auto database = open().value();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(commit_one(*database, std::to_string(i), std::string(1000, 'a')));
  }
  {
    std::fstream log(logs().back(), std::ios::in | std::ios::out | std::ios::binary);
    log.seekp(1500);
    log.put('!');
  }
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::internal);
  EXPECT_NE(opened.error().detail.find("damaged beyond a torn tail"), std::string::npos) << opened.error().detail;
}

TEST_F(RocksDatabaseTest, RefusesALostLog) {
  {
    auto small = options();
    small.write_buffer_bytes = 64 << 10;
    auto database = RocksDatabase::open(small, metrics_).value();
    // Enough for several logs; the other family pins the older ones.
    ASSERT_TRUE(commit_one(*database, "aa", "v", kPrefixed));
    for (int i = 0; i < 40; ++i) ASSERT_TRUE(commit_one(*database, std::to_string(i), std::string(10'000, 'a')));
  }
  ASSERT_GE(logs().size(), 2u);
  std::filesystem::remove(logs().front());
  EXPECT_FALSE(open());
}

// Lets no file of this process grow while it lives, so that the write of a commit fails half way.
class NoGrowth {
 public:
  NoGrowth() {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit tight = before_;
    tight.rlim_cur = 5000;
    ::setrlimit(RLIMIT_FSIZE, &tight);
  }
  ~NoGrowth() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_{};
};

TEST_F(RocksDatabaseTest, AfterAFailedCommitEverythingIsRefusedUntilItWasReopened) {
  auto database = open().value();
  ASSERT_TRUE(commit_one(*database, "kept", "v"));
  {
    const NoGrowth tight;
    EXPECT_FALSE(commit_one(*database, "big", std::string(100'000, 'x')));
  }
  const auto refused = commit_one(*database, "later", "v");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_FALSE(database->get(kPlain, "kept"));

  ASSERT_TRUE(database->reopen());
  EXPECT_EQ(database->get(kPlain, "kept").value(), "v");
  EXPECT_EQ(database->get(kPlain, "big").value(), std::nullopt);
  EXPECT_EQ(database->get(kPlain, "later").value(), std::nullopt);
  EXPECT_TRUE(commit_one(*database, "later", "v"));
}

TEST_F(RocksDatabaseTest, AReopeningThatFailsMayBeRepeated) {
  auto database = open().value();
  ASSERT_TRUE(commit_one(*database, "kept", "v"));
  const auto current = folder_ / "db" / "CURRENT";
  std::filesystem::rename(current, folder_ / "away");
  // Without CURRENT the folder would be taken for a new one, so it is replaced by something unusable.
  std::filesystem::create_directory(current);
  EXPECT_FALSE(database->reopen());
  EXPECT_FALSE(database->get(kPlain, "kept"));
  std::filesystem::remove(current);
  std::filesystem::rename(folder_ / "away", current);
  ASSERT_TRUE(database->reopen());
  EXPECT_EQ(database->get(kPlain, "kept").value(), "v");
}

}  // namespace
}  // namespace hongyan::kv
