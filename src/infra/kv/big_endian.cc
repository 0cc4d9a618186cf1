#include "infra/kv/big_endian.h"

namespace hongyan::kv {

void append_big_endian(std::string& key, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(number >> shift));
}

std::uint64_t read_big_endian(std::string_view key, std::size_t offset) {
  if (key.size() < offset + 8) return 0;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(key[offset + i]);
  return number;
}

}  // namespace hongyan::kv
