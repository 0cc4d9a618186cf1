#include "app/doctor/machine.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace hongyan::app {
namespace {

bool mentions(const Findings& findings, Grade grade, std::string_view text) {
  return std::ranges::any_of(findings, [&](const Finding& finding) {
    return finding.grade == grade && finding.what.find(text) != std::string::npos;
  });
}

class DoctorFolder : public testing::Test {
 protected:
  DoctorFolder() : folder_(std::filesystem::temp_directory_path() / ("hongyan-doctor-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~DoctorFolder() override { std::filesystem::remove_all(folder_); }

  const std::filesystem::path folder_;
};

TEST(Doctor, TooFewDescriptorsAreSaidWithWhatMendsIt) {
  EXPECT_EQ(check_descriptors(0).grade, Grade::good);
  const Finding finding = check_descriptors(std::int64_t{1} << 40);
  EXPECT_EQ(finding.grade, Grade::warning);
  EXPECT_NE(finding.mend.find("LimitNOFILE"), std::string::npos);
}

TEST_F(DoctorFolder, TheDiskIsTimedAndNothingIsLeftBehind) {
  const Findings findings = check_disk(folder_ / "not" / "made" / "yet");
  EXPECT_TRUE(mentions(findings, Grade::good, "MiB free") || mentions(findings, Grade::warning, "MiB free"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST(Doctor, MemoryIsNoDisk) { EXPECT_TRUE(mentions(check_disk("/dev/shm"), Grade::failure, "lies in memory")); }

TEST(Doctor, AFolderNobodyCanWriteIsAFailure) {
  EXPECT_TRUE(mentions(check_disk("/proc/hongyan"), Grade::failure, "cannot be written"));
}

TEST(Doctor, AClockSetBackIsAFailure) {
  const TimeMs now(1'800'000'000'000);
  EXPECT_FALSE(mentions(check_clock(now, TimeMs(0)), Grade::failure, "set back"));
  EXPECT_FALSE(mentions(check_clock(now, TimeMs(now.value + 60'000)), Grade::failure, "set back"));
  EXPECT_TRUE(mentions(check_clock(now, TimeMs(now.value + 3'600'000)), Grade::failure, "3600 s behind"));
}

}  // namespace
}  // namespace hongyan::app
