#include "infra/kv/big_endian.h"

#include <bit>
#include <cstring>

namespace hongyan::kv {

namespace {

// Of a number of this machine, and back.
std::uint64_t big_endian(std::uint64_t number) {
  return std::endian::native == std::endian::little ? std::byteswap(number) : number;
}

}  // namespace

void append_big_endian(std::string& key, std::uint64_t number) {
  const std::uint64_t bytes = big_endian(number);
  key.append(reinterpret_cast<const char*>(&bytes), sizeof bytes);
}

std::uint64_t read_big_endian(std::string_view key, std::size_t offset) {
  std::uint64_t bytes = 0;
  if (key.size() < offset + sizeof bytes) return 0;
  std::memcpy(&bytes, key.data() + offset, sizeof bytes);
  return big_endian(bytes);
}

}  // namespace hongyan::kv
