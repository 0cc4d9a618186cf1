#include "app/doctor/machine.h"

#include <gtest/gtest.h>

#include <fstream>

#include "app/doctor/testing/mentions.h"
#include "base/testing/temporary_folder.h"

namespace hongyan::app {
namespace {

TEST(Doctor, TooFewDescriptorsAreSaidWithWhatMendsIt) {
  EXPECT_EQ(check_descriptors(0).grade, Grade::good);
  const Finding finding = check_descriptors(std::int64_t{1} << 40);
  EXPECT_EQ(finding.grade, Grade::warning);
  EXPECT_NE(finding.mend.find("LimitNOFILE"), std::string::npos);
}

TEST(Doctor, TheDiskIsTimedAndNothingIsLeftBehind) {
  const TemporaryFolder folder;
  const Findings findings = check_disk(folder / "not" / "made" / "yet");
  EXPECT_TRUE(mentions(findings, Grade::good, "MiB free") || mentions(findings, Grade::warning, "MiB free"));
  EXPECT_TRUE(std::filesystem::is_empty(folder));
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
