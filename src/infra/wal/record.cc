#include "infra/wal/record.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/assert.h"

namespace hongyan::wal {
namespace {

// "HYWAL" and the version of the format.
constexpr std::uint64_t kSegmentMagic = 0x01'00'00'4C'41'57'59'48;
// "HYR" and a byte that ends no text.
constexpr std::uint32_t kRecordMagic = 0xF5'52'59'48;

static_assert(std::endian::native == std::endian::little, "the log's words are little-endian");

template <class Word>
void put(char*& at, Word word) {
  std::memcpy(at, &word, sizeof word);
  at += sizeof word;
}

template <class Word>
Word word_at(std::string_view bytes, std::size_t at) {
  Word word{};
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return word;
}

std::uint64_t checksum(RecordNo number, std::uint64_t salt, std::span<const std::string_view> parts) {
  XXH3_state_t state;
  XXH3_64bits_reset_withSeed(&state, salt);
  std::uint64_t length = 0;
  for (const std::string_view part : parts) length += part.size();
  XXH3_64bits_update(&state, &length, sizeof length);
  XXH3_64bits_update(&state, &number, sizeof number);
  for (const std::string_view part : parts) XXH3_64bits_update(&state, part.data(), part.size());
  return XXH3_64bits_digest(&state);
}

struct Found {
  RecordNo number;
  std::string_view payload;
};

// The whole record that begins at `at`, nothing when there is none.
std::optional<Found> record_at(std::string_view bytes, std::size_t at, std::uint64_t salt) {
  if (bytes.size() - at < kRecordHeaderBytes || word_at<std::uint32_t>(bytes, at) != kRecordMagic) return std::nullopt;
  const std::size_t length = word_at<std::uint32_t>(bytes, at + 4);
  if (length > bytes.size() - at - kRecordHeaderBytes) return std::nullopt;
  const auto number = word_at<RecordNo>(bytes, at + 8);
  const std::string_view payload = bytes.substr(at + kRecordHeaderBytes, length);
  if (word_at<std::uint64_t>(bytes, at + 16) != checksum(number, salt, std::span(&payload, 1))) return std::nullopt;
  return Found{number, payload};
}

// A whole record stands somewhere from `from` on.
bool has_record(std::string_view bytes, std::size_t from, std::uint64_t salt) {
  std::array<char, sizeof kRecordMagic> magic{};
  std::memcpy(magic.data(), &kRecordMagic, sizeof kRecordMagic);
  const std::string_view wanted(magic.data(), magic.size());
  for (std::size_t at = bytes.find(wanted, from); at != std::string_view::npos; at = bytes.find(wanted, at + 1)) {
    if (record_at(bytes, at, salt)) return true;
  }
  return false;
}

}  // namespace

std::array<char, kSegmentHeaderBytes> segment_header(RecordNo first, std::uint64_t salt) {
  std::array<char, kSegmentHeaderBytes> header{};
  char* at = header.data();
  put(at, kSegmentMagic);
  put(at, first);
  put(at, salt);
  put(at, XXH3_64bits(header.data(), kSegmentHeaderBytes - sizeof(std::uint64_t)));
  return header;
}

std::array<char, kRecordHeaderBytes> record_header(RecordNo number, std::uint64_t salt,
                                                   std::span<const std::string_view> parts) {
  std::size_t length = 0;
  for (const std::string_view part : parts) length += part.size();
  HY_CHECK(length <= kMaxPayloadBytes);
  std::array<char, kRecordHeaderBytes> header{};
  char* at = header.data();
  put(at, kRecordMagic);
  put(at, static_cast<std::uint32_t>(length));
  put(at, number);
  put(at, checksum(number, salt, parts));
  return header;
}

Result<SegmentContent> read_segment(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes) return fail(ErrorCode::internal, "a segment without a whole header");
  SegmentContent content;
  content.first = word_at<RecordNo>(bytes, 8);
  content.salt = word_at<std::uint64_t>(bytes, 16);
  const auto header = segment_header(content.first, content.salt);
  if (!std::ranges::equal(header, bytes.substr(0, kSegmentHeaderBytes))) {
    return fail(ErrorCode::internal, "a segment's header is damaged");
  }
  while (const auto record = record_at(bytes, content.end, content.salt)) {
    if (record->number != content.first + content.payloads.size()) break;
    content.payloads.push_back(record->payload);
    content.last_begin = content.end;
    content.end += kRecordHeaderBytes + record->payload.size();
  }
  content.torn = bytes.find_first_not_of('\0', content.end) != std::string_view::npos;
  if (content.torn && has_record(bytes, content.end, content.salt)) {
    return fail(ErrorCode::internal, "a segment is damaged beyond a torn tail");
  }
  return content;
}

}  // namespace hongyan::wal
