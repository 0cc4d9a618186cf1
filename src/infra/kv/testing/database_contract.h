// What every Database keeps to.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/testing/temporary_folder.h"
#include "infra/kv/testing/database.h"

namespace hongyan::kv::testing {

// Opens the database in a folder with contract_families(); the same folder again after it was closed.
using OpenDatabase = std::function<Result<std::unique_ptr<Database>>(const std::filesystem::path& folder)>;

class DatabaseContract : public ::testing::TestWithParam<OpenDatabase> {
 protected:
  std::unique_ptr<Database> open() { return GetParam()(folder_ / "db").value(); }

  TemporaryFolder folder_;
};

TEST_P(DatabaseContract, KeepsWhatWasCommittedAcrossOpenings) {
  {
    const auto database = open();
    WriteBatch batch;
    batch.put(kPlain, "a", "1");
    batch.put(kPlain, "b", "2");
    batch.put(kPrefixed, "aa1", "x");
    batch.put(kPlain, "empty", "");
    ASSERT_TRUE(database->commit(std::move(batch)));
  }
  const auto database = open();
  const std::vector<std::string> keys{"b", "none", "a", "empty"};
  EXPECT_EQ(database->multi_get(kPlain, keys).value(),
            (std::vector<std::optional<std::string>>{"2", std::nullopt, "1", ""}));
  EXPECT_EQ(database->get(kPrefixed, "aa1").value(), "x");
  EXPECT_EQ(database->get(kPlain, "aa1").value(), std::nullopt);
}

TEST_P(DatabaseContract, TheLastOfSeveralWritesCounts) {
  const auto database = open();
  ASSERT_TRUE(commit_one(*database, "k", "1"));
  WriteBatch batch;
  batch.put(kPlain, "k", "2");
  batch.put(kPlain, "k", "3");
  batch.put(kPlain, "gone", "4");
  batch.erase(kPlain, "gone");
  batch.erase(kPlain, "never");
  ASSERT_TRUE(database->commit(std::move(batch)));
  EXPECT_EQ(database->get(kPlain, "k").value(), "3");
  EXPECT_EQ(database->get(kPlain, "gone").value(), std::nullopt);
}

TEST_P(DatabaseContract, ScansBothWaysWithinBothEndsAndThePrefix) {
  const auto database = open();
  for (const char* key : {"aa4", "aa1", "aa2", "ab1"}) ASSERT_TRUE(commit_one(*database, key, "v", kPrefixed));
  EXPECT_EQ(keys_of(*database, {"aa1", "aa3"}), (std::vector<std::string>{"aa1", "aa2"}));
  EXPECT_EQ(keys_of(*database, {"aa1", "aa3", true}), (std::vector<std::string>{"aa2", "aa1"}));
  EXPECT_EQ(keys_of(*database, {"aa0", "aa9", true}, kPrefixed, 1), (std::vector<std::string>{"aa4"}));
  EXPECT_TRUE(keys_of(*database, {"ac0", "ac9"}).empty());
  EXPECT_TRUE(keys_of(*database, {"ac0", "ac9", true}).empty());
}

TEST_P(DatabaseContract, DoesNotScanWhatWasErased) {
  const auto database = open();
  for (const char* key : {"aa1", "aa2", "aa3"}) ASSERT_TRUE(commit_one(*database, key, "v", kPrefixed));
  WriteBatch batch;
  batch.erase(kPrefixed, "aa2");
  ASSERT_TRUE(database->commit(std::move(batch)));
  EXPECT_EQ(keys_of(*database, {"aa0", "aa9"}), (std::vector<std::string>{"aa1", "aa3"}));
  ASSERT_TRUE(commit_one(*database, "aa2", "again", kPrefixed));
  EXPECT_EQ(keys_of(*database, {"aa0", "aa9", true}), (std::vector<std::string>{"aa3", "aa2", "aa1"}));
}

TEST_P(DatabaseContract, ScansOverManyPrefixesWhenToldTo) {
  const auto database = open();
  for (const char* key : {"aa1", "ab1", "b", "ba1"}) ASSERT_TRUE(commit_one(*database, key, "v", kPrefixed));
  EXPECT_EQ(keys_of(*database, {.from = "", .to = "ba0", .many_prefixes = true}),
            (std::vector<std::string>{"aa1", "ab1", "b"}));
  EXPECT_EQ(keys_of(*database, {.from = "aa2", .to = "zz", .descending = true, .many_prefixes = true}),
            (std::vector<std::string>{"ba1", "b", "ab1"}));
  for (const char* key : {"b", "a"}) ASSERT_TRUE(commit_one(*database, key, "v"));
  EXPECT_EQ(keys_of(*database, {.from = "", .to = "z", .many_prefixes = true}, kPlain),
            (std::vector<std::string>{"a", "b"}));
}

TEST_P(DatabaseContract, ErasesEverythingBelowAKeyOfASequence) {
  const std::string filler(500, 'x');
  {
    const auto database = open();
    for (int block = 1; block < 5; ++block) {
      WriteBatch batch;
      for (int i = 100; i < 200; ++i) batch.put(kSequence, std::to_string(block * 1000 + i), filler);
      ASSERT_TRUE(database->commit(std::move(batch)));
    }
    WriteBatch batch;
    batch.erase_below(kSequence, "3150");
    batch.put(kPlain, "2000", "v");
    ASSERT_TRUE(database->commit(std::move(batch)));
    EXPECT_EQ(database->get(kSequence, "3149").value(), std::nullopt);
    EXPECT_EQ(keys_of(*database, {"0", "9"}, kSequence, 1), std::vector<std::string>{"3150"});
    ASSERT_TRUE(commit_one(*database, "4200", filler, kSequence));
    ASSERT_TRUE(commit_one(*database, "2500", "again", kSequence));
    EXPECT_EQ(database->get(kSequence, "2500").value(), "again");
    EXPECT_EQ(keys_of(*database, {"0", "9"}, kSequence, 2), (std::vector<std::string>{"2500", "3150"}));
  }
  const auto database = open();
  EXPECT_EQ(database->get(kSequence, "1100").value(), std::nullopt);
  EXPECT_EQ(database->get(kSequence, "3149").value(), std::nullopt);
  EXPECT_EQ(database->get(kSequence, "3150").value(), filler);
  EXPECT_EQ(database->get(kSequence, "2500").value(), "again") << "put after what was erased";
  EXPECT_EQ(keys_of(*database, {"0", "9"}, kSequence, 1000).size(), 152u);
  EXPECT_EQ(keys_of(*database, {"0", "9", true}, kSequence, 1), std::vector<std::string>{"4200"});
  EXPECT_EQ(database->get(kPlain, "2000").value(), "v");
}

TEST_P(DatabaseContract, RefusesASecondOwner) {
  const auto database = open();
  const auto second = GetParam()(folder_ / "db");
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().detail.find("another process uses"), std::string::npos) << second.error().detail;
}

TEST_P(DatabaseContract, AfterAFailedCommitEverythingIsRefusedUntilItWasReopened) {
  const auto database = open();
  ASSERT_TRUE(commit_one(*database, "kept", "v"));
  {
    const NoGrowth tight(5000);
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

}  // namespace hongyan::kv::testing
