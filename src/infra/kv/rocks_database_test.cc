#include "infra/kv/rocks_database.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/testing/temporary_folder.h"
#include "infra/kv/live_table.h"
#include "infra/kv/testing/database.h"

namespace hongyan::kv {
namespace {

using testing::commit_one;
using testing::kPlain;
using testing::kPrefixed;

class RocksDatabaseTest : public ::testing::Test {
 protected:
  RocksOptions options() const {
    RocksOptions options;
    options.folder = folder_ / "db";
    options.families = testing::contract_families();
    options.write_buffer_bytes = 4 << 20;
    return options;
  }
  Result<std::unique_ptr<RocksDatabase>> open() { return RocksDatabase::open(options()); }

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
};

TEST_F(RocksDatabaseTest, RefusesANewerFormat) {
  auto newer = options();
  newer.format = 2;
  ASSERT_TRUE(RocksDatabase::open(newer));
  const auto older = open();
  ASSERT_FALSE(older);
  EXPECT_NE(older.error().detail.find("newer version"), std::string::npos) << older.error().detail;
}

TEST_F(RocksDatabaseTest, RefusesAFamilyItDoesNotKnow) {
  auto newer = options();
  newer.families.push_back({"later"});
  ASSERT_TRUE(RocksDatabase::open(newer));
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
    auto database = RocksDatabase::open(small).value();
    // Enough for several logs; the other family pins the older ones.
    ASSERT_TRUE(commit_one(*database, "aa", "v", kPrefixed));
    for (int i = 0; i < 40; ++i) ASSERT_TRUE(commit_one(*database, std::to_string(i), std::string(10'000, 'a')));
  }
  ASSERT_GE(logs().size(), 2u);
  std::filesystem::remove(logs().front());
  EXPECT_FALSE(open());
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

TEST_F(RocksDatabaseTest, KeepsNumbersBesideTheFamilies) {
  {
    auto database = open().value();
    EXPECT_EQ(database->noted("some").value(), 0u);
    ASSERT_TRUE(database->note("some", 7));
  }
  auto database = open().value();
  EXPECT_EQ(database->noted("some").value(), 7u);
  EXPECT_EQ(database->get(kPlain, "some").value(), std::nullopt);
}

TEST_F(RocksDatabaseTest, TakesInWhatATableHolds) {
  auto database = open().value();
  ASSERT_TRUE(commit_one(*database, "old", "1"));
  ASSERT_TRUE(commit_one(*database, "gone", "1"));
  ASSERT_TRUE(commit_one(*database, "1", "x", testing::kSequence));
  const auto families = testing::contract_families();
  LiveTable table(families);
  WriteBatch batch;
  batch.put(kPlain, "old", "2");
  batch.erase(kPlain, "gone");
  batch.put(kPrefixed, "aa1", "v");
  batch.erase_below(testing::kSequence, "5");
  batch.put(testing::kSequence, "7", "y");
  const auto bytes = std::make_shared<const std::string>(batch.bytes());
  ASSERT_TRUE(table.apply(bytes, *bytes));
  for (int times = 0; times < 2; ++times) {
    ASSERT_TRUE(database->ingest(table));
    EXPECT_EQ(database->get(kPlain, "old").value(), "2");
    EXPECT_EQ(database->get(kPlain, "gone").value(), std::nullopt);
    EXPECT_EQ(database->get(kPrefixed, "aa1").value(), "v");
    EXPECT_EQ(testing::keys_of(*database, {"0", "9"}, testing::kSequence), std::vector<std::string>{"7"});
  }
}

}  // namespace
}  // namespace hongyan::kv
