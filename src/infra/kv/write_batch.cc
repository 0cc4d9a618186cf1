#include "infra/kv/write_batch.h"

#include "base/assert.h"

namespace hongyan::kv {
namespace {

// The first byte of a change: two bits of kind above six of family.
constexpr unsigned kFamilyBits = 6;
constexpr unsigned kFamilyMask = (1U << kFamilyBits) - 1;
constexpr unsigned kLastKind = static_cast<unsigned>(Write::Kind::erase_below);

void append_length(std::string& bytes, std::size_t length) {
  while (length >= 0x80) {
    bytes.push_back(static_cast<char>(length | 0x80));
    length >>= 7;
  }
  bytes.push_back(static_cast<char>(length));
}

}  // namespace

void WriteBatch::append(Write::Kind kind, Family family, std::string_view key, std::string_view value) {
  const auto index = static_cast<unsigned>(family);
  HY_CHECK(index <= kFamilyMask);
  bytes_.push_back(static_cast<char>((static_cast<unsigned>(kind) << kFamilyBits) | index));
  append_length(bytes_, key.size());
  append_length(bytes_, value.size());
  bytes_.append(key);
  bytes_.append(value);
}

std::optional<Write> WriteReader::next() {
  if (rest_.empty() || damaged_) return std::nullopt;
  const auto first = static_cast<unsigned char>(rest_.front());
  rest_.remove_prefix(1);
  const auto key = length();
  const auto value = length();
  damaged_ =
      (first >> kFamilyBits) > kLastKind || !key || !value || *key > rest_.size() || *value > rest_.size() - *key;
  if (damaged_) return std::nullopt;
  const Write write{.kind = static_cast<Write::Kind>(first >> kFamilyBits),
                    .family = Family{first & kFamilyMask},
                    .key = rest_.substr(0, *key),
                    .value = rest_.substr(*key, *value)};
  rest_.remove_prefix(*key + *value);
  return write;
}

std::optional<std::size_t> WriteReader::length() {
  std::size_t length = 0;
  for (unsigned shift = 0; shift < 35 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    length |= static_cast<std::size_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return length;
  }
  return std::nullopt;
}

}  // namespace hongyan::kv
