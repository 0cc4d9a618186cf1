// Base64 for URLs and headers (RFC 4648 section 5), without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hongyan::crypto {

// The bytes in the URL alphabet, without padding.
std::string base64url_encode(std::string_view bytes);

// The bytes of a text in either alphabet, with or without padding; nothing when it is neither.
std::optional<std::string> base64url_decode(std::string_view text);

// The bytes of a text exactly as base64url_encode writes it; nothing otherwise. For what is compared or signed: there
// every value has one spelling.
std::optional<std::string> base64url_decode_canonical(std::string_view text);

}  // namespace hongyan::crypto
