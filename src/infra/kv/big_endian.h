// Keys whose byte order is the order of their numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hongyan::kv {

// Appends 8 bytes, most significant first.
void append_big_endian(std::string& key, std::uint64_t number);

// Reads 8 bytes at `offset`; 0 when the key is too short, which no key of ours is.
std::uint64_t read_big_endian(std::string_view key, std::size_t offset);

}  // namespace hongyan::kv
