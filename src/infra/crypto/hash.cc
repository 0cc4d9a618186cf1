#include "infra/crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>

#include "base/assert.h"
#include "infra/crypto/base64.h"

namespace hongyan::crypto {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

const unsigned char* data_of(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
std::string text_of(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

}  // namespace

std::string sha256(std::string_view bytes) {
  Digest digest;
  HY_CHECK(SHA256(data_of(bytes), bytes.size(), digest.data()) != nullptr);
  return text_of(digest);
}

std::string sha256_text(std::string_view bytes) { return base64url_encode(sha256(bytes)); }

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  Digest digest;
  unsigned int size = 0;
  HY_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data_of(bytes), bytes.size(), digest.data(),
                &size) != nullptr);
  return text_of(digest);
}

bool equal_constant_time(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace hongyan::crypto
