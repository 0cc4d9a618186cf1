#include "bench/protocol/websocket.h"

namespace hongyan::bench::protocol {
namespace {

constexpr unsigned kFinal = 0x80;
constexpr unsigned kMasked = 0x80;
constexpr std::size_t kShortest = 126;
constexpr std::size_t kTwoBytes = 65'536;

unsigned byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

std::size_t big_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value = value << 8U | byte_at(bytes, i);
  return value;
}

}  // namespace

std::optional<FrameHead> read_head(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  FrameHead head;
  head.final = (byte_at(bytes, 0) & kFinal) != 0;
  head.opcode = static_cast<Opcode>(byte_at(bytes, 0) & 0x0fU);
  const bool masked = (byte_at(bytes, 1) & kMasked) != 0;
  const unsigned length = byte_at(bytes, 1) & 0x7fU;
  const std::size_t more = length < kShortest ? 0 : length == kShortest ? 2 : 8;
  head.head_bytes = 2 + more + (masked ? sizeof(Mask) : 0);
  if (bytes.size() < head.head_bytes) return std::nullopt;
  head.payload_bytes = more == 0 ? length : big_endian(bytes.substr(2, more));
  if (masked) {
    Mask mask = 0;
    std::memcpy(&mask, bytes.data() + 2 + more, sizeof(mask));
    head.mask = mask;
  }
  return head;
}

std::size_t write_head(char* out, Opcode opcode, std::size_t payload_bytes, std::optional<Mask> mask) {
  const unsigned masked = mask ? kMasked : 0;
  std::size_t at = 2;
  out[0] = static_cast<char>(kFinal | static_cast<unsigned>(opcode));
  if (payload_bytes < kShortest) {
    out[1] = static_cast<char>(masked | payload_bytes);
  } else {
    const std::size_t more = payload_bytes < kTwoBytes ? 2 : 8;
    out[1] = static_cast<char>(masked | (more == 2 ? kShortest : kShortest + 1));
    for (std::size_t i = more; i-- > 0;) out[at++] = static_cast<char>(payload_bytes >> (8 * i));
  }
  if (!mask) return at;
  std::memcpy(out + at, &*mask, sizeof(Mask));
  return at + sizeof(Mask);
}

void apply_mask(char* payload, std::size_t count, Mask mask) {
  const std::uint64_t wide = static_cast<std::uint64_t>(mask) << 32U | mask;
  std::size_t at = 0;
  for (; at + sizeof(wide) <= count; at += sizeof(wide)) {
    std::uint64_t block = 0;
    std::memcpy(&block, payload + at, sizeof(block));
    block ^= wide;
    std::memcpy(payload + at, &block, sizeof(block));
  }
  char key[sizeof(Mask)];
  std::memcpy(key, &mask, sizeof(key));
  for (; at < count; ++at) payload[at] = static_cast<char>(payload[at] ^ key[at % sizeof(key)]);
}

void append_frame(sockets::Bytes& out, Opcode opcode, std::string_view payload, std::optional<Mask> mask) {
  char* begin = out.room(kLongestHead + payload.size());
  const std::size_t head = write_head(begin, opcode, payload.size(), mask);
  std::memcpy(begin + head, payload.data(), payload.size());
  if (mask) apply_mask(begin + head, payload.size(), *mask);
  out.added(head + payload.size());
}

}  // namespace hongyan::bench::protocol
