// Protobuf by hand: its fields read one after the other and written at known places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace hongyan::bench::protocol {

enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

constexpr std::size_t varint_bytes(std::uint64_t value) {
  std::size_t count = 1;
  for (; value >= 0x80; value >>= 7U) ++count;
  return count;
}

// Writers answer where to go on.
inline char* put_varint(char* out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) *out++ = static_cast<char>(value | 0x80U);
  *out++ = static_cast<char>(value);
  return out;
}

constexpr std::uint8_t tag_of(std::uint32_t field, WireType type) {
  return static_cast<std::uint8_t>(field << 3U | static_cast<std::uint32_t>(type));
}

inline char* put_tag(char* out, std::uint32_t field, WireType type) {
  *out = static_cast<char>(tag_of(field, type));
  return out + 1;
}

inline char* put_fixed64(char* out, std::uint32_t field, std::uint64_t value) {
  out = put_tag(out, field, WireType::fixed64);
  std::memcpy(out, &value, sizeof(value));
  return out + sizeof(value);
}

inline char* put_number(char* out, std::uint32_t field, std::uint64_t value) {
  return put_varint(put_tag(out, field, WireType::varint), value);
}

// Tag and length of `count` bytes that follow.
inline char* put_length(char* out, std::uint32_t field, std::size_t count) {
  return put_varint(put_tag(out, field, WireType::bytes), count);
}

inline char* put_bytes(char* out, std::uint32_t field, std::string_view bytes) {
  out = put_length(out, field, bytes.size());
  std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}

// Bytes of a field with a number below 16 that put_bytes() writes.
constexpr std::size_t bytes_of_field(std::size_t count) { return 1 + varint_bytes(count) + count; }

// One field: a number, or bytes.
struct Field {
  std::uint32_t number = 0;
  std::uint64_t value = 0;
  std::string_view bytes;
};

// Walks over the fields of one message. A value type; what it gives points into the message.
class Fields {
 public:
  explicit Fields(std::string_view message) : rest_(message) {}

  // False at the end, and where the message is malformed.
  bool next(Field& field) {
    if (rest_.empty()) return false;
    const std::uint64_t tag = varint();
    field.number = static_cast<std::uint32_t>(tag >> 3U);
    field.bytes = {};
    switch (static_cast<WireType>(tag & 7U)) {
      case WireType::varint: field.value = varint(); return good_;
      case WireType::fixed64: field.value = fixed(8); return good_;
      case WireType::fixed32: field.value = fixed(4); return good_;
      case WireType::bytes: field.bytes = take(varint()); return good_;
    }
    return false;
  }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) return value;
    }
    good_ = false;
    return 0;
  }

  std::uint64_t fixed(std::size_t count) {
    std::uint64_t value = 0;
    const std::string_view bytes = take(count);
    if (good_) std::memcpy(&value, bytes.data(), count);
    return value;
  }

  std::string_view take(std::uint64_t count) {
    if (count > rest_.size()) {
      good_ = false;
      return {};
    }
    const std::string_view bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace hongyan::bench::protocol
