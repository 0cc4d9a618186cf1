#include "domain/account/exports/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/testing/temporary_folder.h"

namespace hongyan::account {
namespace {

constexpr ExportId kId{7};

class ExportFilesTest : public ::testing::Test {
 protected:
  static mode_t mode(const std::filesystem::path& path) {
    struct stat about{};
    EXPECT_EQ(::stat(path.c_str(), &about), 0) << path;
    return about.st_mode & 0777U;
  }
  void fill(std::string_view lines) {
    ASSERT_TRUE(files_.create(kId));
    ASSERT_TRUE(files_.append(kId, lines));
  }
  ErrorCode refusal(std::int64_t offset) {
    const auto part = files_.read(kId, offset);
    return part ? ErrorCode{} : part.error().code;
  }

  const TemporaryFolder data_;
  const std::filesystem::path folder_ = static_cast<std::filesystem::path>(data_) / "exports";
  const ExportFiles files_{folder_};
};

TEST_F(ExportFilesTest, NobodyElseMayReadThem) {
  fill("one\n");
  ASSERT_TRUE(files_.sync(kId));
  EXPECT_EQ(mode(folder_), 0700U);
  EXPECT_EQ(mode(folder_ / "7.jsonl"), 0600U);
}

TEST_F(ExportFilesTest, AreReadByWholeLines) {
  // Longer than a part, of lines that end anywhere in it.
  std::string all;
  for (int i = 0; all.size() < 3 * ExportFiles::kPartBytes; ++i) all += std::string(i % 997, 'x') + "鸿\n";
  fill(all);
  std::string read;
  int parts = 0;
  while (read.size() < all.size()) {
    const std::string part = files_.read(kId, std::ssize(read)).value();
    ASSERT_FALSE(part.empty());
    EXPECT_EQ(part.back(), '\n');
    EXPECT_LE(std::ssize(part), ExportFiles::kPartBytes);
    read += part;
    ++parts;
  }
  EXPECT_EQ(read, all);
  EXPECT_GE(parts, 3);
  EXPECT_EQ(files_.read(kId, std::ssize(all)).value(), "") << "the end is no error";
}

TEST_F(ExportFilesTest, ALineThatIsLongerThanAPartComesWhole) {
  const std::string line = std::string(3 * ExportFiles::kPartBytes, 'x') + "\n";
  fill(line + "short\n");
  const std::string part = files_.read(kId, 0).value();
  EXPECT_TRUE(part.starts_with(line));
  EXPECT_EQ(part.back(), '\n');
}

TEST_F(ExportFilesTest, OffsetsThatNobodyWasToldAreRefused) {
  fill("one\ntwo\n");
  EXPECT_EQ(files_.read(kId, 4).value(), "two\n");
  EXPECT_EQ(refusal(5), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal(9), ErrorCode::range_not_satisfiable);
  EXPECT_EQ(files_.read(ExportId(8), 0).error().code, ErrorCode::not_found);
}

TEST_F(ExportFilesTest, BeginAnewAndGo) {
  EXPECT_TRUE(files_.all().value().empty()) << "before there is a folder";
  fill("one\n");
  fill("two\n");
  EXPECT_EQ(files_.read(kId, 0).value(), "two\n");
  EXPECT_EQ(files_.all().value(), std::vector{kId});
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(files_.remove(kId));
  EXPECT_TRUE(files_.all().value().empty());
  EXPECT_EQ(files_.append(kId, "late\n").error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace hongyan::account
