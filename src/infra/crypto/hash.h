// SHA-256, HMAC-SHA256 and comparison that tells nothing by its time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hongyan::crypto {

using Sha256 = std::array<std::uint8_t, 32>;

// FIPS 180-4.
Sha256 sha256(std::string_view bytes);

// The same in base64url: 43 characters, as what must not be kept itself is kept.
std::string sha256_text(std::string_view bytes);

// 32 bytes (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// Whether both are the same; its time depends on the lengths only.
bool equal_constant_time(std::string_view one, std::string_view other);

}  // namespace hongyan::crypto
