// How records lie in a segment of the log, and how they are found again after a crash.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hongyan::wal {

// Number of a record: dense over all segments, from 1.
using RecordNo = std::uint64_t;

// A segment begins with a header of four little-endian 64-bit words: a magic word with the format's version, the number of
// its first record, a salt, and the checksum of the three. Records follow, each behind a header of its own: a magic word and
// the payload's length (32 bits each), its number, and the checksum (XXH3 seeded with the salt) of length, number and payload.
// The salt is random: nobody who writes payloads can make one that looks like a record.
inline constexpr std::size_t kSegmentHeaderBytes = 32;
inline constexpr std::size_t kRecordHeaderBytes = 24;
inline constexpr std::size_t kMaxPayloadBytes = std::size_t{1} << 30;

std::array<char, kSegmentHeaderBytes> segment_header(RecordNo first, std::uint64_t salt);

// `parts`, one after the other, are the payload, at most kMaxPayloadBytes.
std::array<char, kRecordHeaderBytes> record_header(RecordNo number, std::uint64_t salt,
                                                   std::span<const std::string_view> parts);

// What a segment holds. The payloads point into the bytes it was read from.
struct SegmentContent {
  RecordNo first = 0;
  std::uint64_t salt = 0;
  std::vector<std::string_view> payloads;
  // Where the last record begins and ends; both kSegmentHeaderBytes when there is none.
  std::size_t last_begin = kSegmentHeaderBytes;
  std::size_t end = kSegmentHeaderBytes;
  // Behind the end lies something else than zeros: a write that was never acknowledged.
  bool torn = false;

  RecordNo last() const { return first + payloads.size() - 1; }
};

// Reads a segment up to the first place where no whole record stands. Errors: internal when the segment's header is damaged,
// or when a whole record stands behind that place: then what was acknowledged is damaged, and it is no torn tail.
Result<SegmentContent> read_segment(std::string_view bytes);

}  // namespace hongyan::wal
