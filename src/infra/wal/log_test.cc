#include "infra/wal/log.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/testing/temporary_folder.h"

namespace hongyan::wal {
namespace {

class LogTest : public ::testing::Test {
 protected:
  LogOptions options() const { return {.folder = folder_ / "log", .segment_bytes = 1000}; }

  std::unique_ptr<Log> open() {
    found_.clear();
    auto log = Log::open(options(), marks_, found_).value();
    marks_.newest = log->segment_first();
    return log;
  }

  std::string refusal() const {
    std::vector<OldSegment> found;
    const auto opened = Log::open(options(), marks_, found);
    return opened ? "" : opened.error().detail;
  }

  void append(Log& log, std::string_view payload) {
    if (log.full()) {
      ASSERT_TRUE(log.roll());
      marks_.newest = log.segment_first();
    }
    ASSERT_TRUE(log.append(std::span(&payload, 1)));
  }

  // All that was found at the last opening.
  std::vector<std::string> payloads() const {
    std::vector<std::string> all;
    for (const OldSegment& segment : found_) all.insert(all.end(), segment.payloads.begin(), segment.payloads.end());
    return all;
  }

  std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "log")) {
      if (entry.path().extension() == ".wal") found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
  }

  TemporaryFolder folder_;
  LogMarks marks_;
  std::vector<OldSegment> found_;
};

TEST_F(LogTest, GivesBackWhatWasAppendedOverSegmentsAndOpenings) {
  std::vector<std::string> expected;
  for (int opening = 0; opening < 3; ++opening) {
    const auto log = open();
    EXPECT_EQ(payloads(), expected);
    EXPECT_EQ(log->next(), expected.size() + 1);
    for (int i = 0; i < 10; ++i) {
      expected.push_back(std::to_string(opening) + std::string(300, 'a' + static_cast<char>(i)));
      append(*log, expected.back());
    }
  }
  open();
  EXPECT_EQ(payloads(), expected);
}

TEST_F(LogTest, ARecordMayBeInPartsAndLargerThanASegment) {
  const std::string large(5000, 'x');
  {
    const auto log = open();
    const std::vector<std::string_view> parts{"a", "", large, "b"};
    ASSERT_TRUE(log->append(parts));
    EXPECT_TRUE(log->full());
    append(*log, "next");
  }
  open();
  EXPECT_EQ(payloads(), (std::vector<std::string>{"a" + large + "b", "next"}));
}

TEST_F(LogTest, ManyPartsAreOneRecord) {
  {
    const auto log = open();
    const std::vector<std::string_view> parts(500, "ab");
    ASSERT_TRUE(log->append(parts));
  }
  open();
  ASSERT_EQ(payloads().size(), 1u);
  EXPECT_EQ(payloads().front().size(), 1000u);
}

TEST_F(LogTest, WhatWasDroppedDoesNotComeBack) {
  {
    const auto log = open();
    for (int i = 1; i <= 12; ++i) append(*log, std::string(400, 'x') + std::to_string(i));
    // Two or three records a segment.
    const RecordNo last = log->segment_first() - 1;
    marks_.dropped = last;
    ASSERT_TRUE(log->drop(last));
    EXPECT_EQ(files().size(), 1u);
  }
  open();
  ASSERT_FALSE(payloads().empty());
  EXPECT_EQ(found_.front().first, marks_.dropped + 1);
}

TEST_F(LogTest, ASegmentThatWasBeingRemovedIsNone) {
  {
    const auto log = open();
    append(*log, "one");
  }
  const auto leaving = options().folder / "leaving";
  std::ofstream(leaving) << "half of a segment";
  EXPECT_TRUE(Log::probe(options().folder));
  open();
  ASSERT_EQ(payloads().size(), 1u);
  EXPECT_FALSE(std::filesystem::exists(leaving));
}

TEST_F(LogTest, ALargeSegmentIsRemovedWhole) {
  const auto log = open();
  append(*log, std::string(5 << 20, 'x'));
  append(*log, "in the next one");
  marks_.dropped = log->segment_first() - 1;
  ASSERT_TRUE(log->drop(marks_.dropped));
  const std::filesystem::directory_iterator entries(options().folder);
  const bool left =
      std::ranges::any_of(entries, [](const auto& entry) { return entry.path().filename() == "leaving"; });
  EXPECT_FALSE(left);
  EXPECT_EQ(files().size(), 1u);
}

TEST_F(LogTest, ADroppedSegmentThatIsStillThereIsNotRead) {
  {
    const auto log = open();
    for (int i = 1; i <= 12; ++i) append(*log, std::string(400, 'x'));
    marks_.dropped = log->segment_first() - 1;
  }
  // What it holds is elsewhere: damage to it loses nothing.
  std::filesystem::resize_file(files().front(), kSegmentHeaderBytes / 2);
  open();
  EXPECT_EQ(found_.front().first, marks_.dropped + 1);
}

TEST_F(LogTest, ATornTailIsCutOffForGood) {
  {
    const auto log = open();
    append(*log, "one");
    append(*log, "two");
  }
  {
    std::fstream file(files().back(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(kSegmentHeaderBytes + 2 * kRecordHeaderBytes + 4);
    file.put('!');
  }
  for (int opening = 0; opening < 2; ++opening) {
    const auto log = open();
    EXPECT_EQ(payloads(), std::vector<std::string>{"one"});
    EXPECT_EQ(log->next(), 2u);
  }
}

TEST_F(LogTest, ASegmentThatWasBegunAndNotNotedIsReadAllTheSame) {
  const std::string_view payload = "two";
  for (const bool appended : {false, true}) {
    {
      const auto log = open();
      append(*log, "one");
      ASSERT_TRUE(log->prepare());
      ASSERT_TRUE(log->prepare());
      // The crash comes before the owner has noted it.
      ASSERT_TRUE(log->roll());
      if (appended) ASSERT_TRUE(log->append(std::span(&payload, 1)));
    }
    const auto log = open();
    EXPECT_EQ(payloads(), appended ? (std::vector<std::string>{"one", "one", "two"}) : std::vector<std::string>{"one"});
  }
}

TEST_F(LogTest, ASegmentWithoutItsHeaderIsDamaged) {
  {
    const auto log = open();
    append(*log, "one");
  }
  std::filesystem::resize_file(files().back(), 0);
  EXPECT_NE(refusal().find("without a whole header"), std::string::npos) << refusal();
}

TEST_F(LogTest, MissingSegmentsAreNoticed) {
  {
    const auto log = open();
    for (int i = 1; i <= 12; ++i) append(*log, std::string(400, 'x'));
  }
  const auto all = files();
  ASSERT_GE(all.size(), 3u);
  for (const auto& lost : {all.front(), all[1], all.back()}) {
    std::filesystem::rename(lost, folder_ / "away");
    EXPECT_NE(refusal().find("are missing"), std::string::npos) << lost << refusal();
    std::filesystem::rename(folder_ / "away", lost);
  }
  EXPECT_EQ(refusal(), "");
}

TEST_F(LogTest, DamageIsRefusedWithTheFileThatHasIt) {
  {
    const auto log = open();
    for (int i = 1; i <= 12; ++i) append(*log, std::string(400, 'x'));
  }
  const auto damaged = files().front();
  std::fstream(damaged, std::ios::in | std::ios::out | std::ios::binary).seekp(100).put('!');
  EXPECT_NE(refusal().find(damaged.string()), std::string::npos) << refusal();
}

}  // namespace
}  // namespace hongyan::wal
