#include "infra/wal/record.h"

#include <gtest/gtest.h>

#include <string>

namespace hongyan::wal {
namespace {

constexpr std::uint64_t kSalt = 0x1234'5678'9ABC'DEF0;

std::string segment_of(RecordNo first, const std::vector<std::string>& payloads, std::uint64_t salt = kSalt) {
  const auto begin = segment_header(first, salt);
  std::string bytes(begin.data(), begin.size());
  for (const std::string& payload : payloads) {
    const std::string_view part = payload;
    const auto header = record_header(first++, salt, std::span(&part, 1));
    bytes.append(header.data(), header.size()).append(payload);
  }
  return bytes;
}

std::vector<std::string> payloads_of(std::string_view bytes) {
  const auto content = read_segment(bytes).value();
  return {content.payloads.begin(), content.payloads.end()};
}

const std::vector<std::string> kPayloads{"one", "", std::string(1000, 'x'), "four"};

TEST(Segment, IsReadAsItWasWritten) {
  const std::string bytes = segment_of(5, kPayloads);
  EXPECT_EQ(payloads_of(bytes), kPayloads);
  const auto content = read_segment(bytes).value();
  EXPECT_EQ(content.first, 5u);
  EXPECT_EQ(content.last(), 8u);
  EXPECT_EQ(content.end, bytes.size());
  EXPECT_EQ(bytes.substr(content.last_begin + kRecordHeaderBytes), "four");
  EXPECT_FALSE(content.torn);
}

TEST(Segment, ZerosBehindItAreItsReserve) {
  std::string bytes = segment_of(1, {"one"});
  const std::size_t end = bytes.size();
  bytes.append(1000, '\0');
  const auto content = read_segment(bytes).value();
  EXPECT_EQ(content.end, end);
  EXPECT_FALSE(content.torn);
}

TEST(Segment, EveryCutLeavesWholeRecords) {
  const std::string bytes = segment_of(1, kPayloads);
  for (std::size_t size = kSegmentHeaderBytes; size < bytes.size(); ++size) {
    const auto content = read_segment(std::string_view(bytes).substr(0, size)).value();
    EXPECT_LT(content.payloads.size(), kPayloads.size());
    EXPECT_EQ(content.torn, content.end != size && bytes.find_first_not_of('\0', content.end) < size);
    for (std::size_t i = 0; i < content.payloads.size(); ++i) EXPECT_EQ(content.payloads[i], kPayloads[i]);
  }
}

TEST(Segment, ADamagedLastRecordIsATornTail) {
  const std::string whole = segment_of(1, kPayloads);
  const std::size_t begin = whole.size() - kRecordHeaderBytes - kPayloads.back().size();
  for (std::size_t at = begin; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] ^= 0x40;
    const auto content = read_segment(bytes).value();
    EXPECT_EQ(content.payloads.size(), kPayloads.size() - 1) << at;
    EXPECT_TRUE(content.torn);
  }
}

TEST(Segment, DamageInFrontOfAWholeRecordIsNoTornTail) {
  const std::string whole = segment_of(1, kPayloads);
  const std::size_t last = whole.size() - kRecordHeaderBytes - kPayloads.back().size();
  for (std::size_t at = 0; at < last; at += 7) {
    std::string bytes = whole;
    bytes[at] ^= 0x40;
    const auto content = read_segment(bytes);
    ASSERT_FALSE(content) << at;
    EXPECT_EQ(content.error().code, ErrorCode::internal);
  }
}

TEST(Segment, RecordsOfAnotherSaltAreNone) {
  // What lay on the disk before, or what somebody wrote into a message.
  const std::string other = segment_of(2, {"two"}, kSalt + 1).substr(kSegmentHeaderBytes);
  const auto content = read_segment(segment_of(1, {"one"}) + other).value();
  EXPECT_EQ(content.payloads.size(), 1u);
  EXPECT_TRUE(content.torn);
}

TEST(Segment, ARepeatedNumberIsNoRecord) {
  const std::string again = segment_of(1, {"one"}).substr(kSegmentHeaderBytes);
  EXPECT_FALSE(read_segment(segment_of(1, {"one"}) + again));
}

TEST(Segment, WithoutAWholeHeaderItIsNone) {
  EXPECT_FALSE(read_segment(""));
  EXPECT_FALSE(read_segment(std::string(kSegmentHeaderBytes, '\0')));
  EXPECT_FALSE(read_segment(segment_of(1, {}).substr(1) + " "));
}

}  // namespace
}  // namespace hongyan::wal
