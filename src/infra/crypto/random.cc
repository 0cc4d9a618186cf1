#include "infra/crypto/random.h"

#include <sodium.h>

#include "base/assert.h"
#include "infra/crypto/base64.h"

namespace hongyan::crypto {

SystemRandom::SystemRandom() { HY_CHECK(::sodium_init() >= 0); }

void SystemRandom::fill(std::span<char> out) { ::randombytes_buf(out.data(), out.size()); }

std::string random_token(RandomSource& random) { return base64url_encode(random.bytes(32)); }

}  // namespace hongyan::crypto
