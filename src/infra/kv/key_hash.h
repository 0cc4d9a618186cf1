// The hash of a key in memory. Included by .cc files only: it brings all of xxHash.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <string_view>

namespace hongyan::kv {

// Every bit of it depends on all of the key.
inline std::uint64_t hash_of(std::string_view key) { return XXH3_64bits(key.data(), key.size()); }

}  // namespace hongyan::kv
