// Signed tokens: JWT (RFC 7519) with HS256 and nothing else.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace hongyan::crypto {

// A key and the name by which tokens refer to it.
struct JwtKey {
  std::string kid;
  std::string secret;
};

// What a token says. Value type.
struct JwtClaims {
  // What the token is for; one kind is never taken for another.
  std::string typ;
  // Milliseconds in memory, whole seconds in the token.
  TimeMs issued;
  TimeMs expires;
  // Further claims by name, texts only.
  std::map<std::string, std::string> texts;
};

// Signs with the current key, verifies with the current and the previous ones. Immutable, thread-safe.
class JwtSigner {
 public:
  // The first of `keys` signs; at least one.
  explicit JwtSigner(std::vector<JwtKey> keys);

  std::string sign(const JwtClaims& claims) const;

  // The claims of a token of kind `typ` that one of the keys signed. Everything else about its form is refused: another
  // header (so `alg` cannot be chosen), another spelling of the same bytes, anything before or after it.
  // Errors: unauthenticated; token_expired when all is right but the time.
  Result<JwtClaims> verify(std::string_view token, std::string_view typ, TimeMs now) const;

 private:
  struct Key {
    // The encoded header of every token of this key.
    std::string header;
    std::string secret;
  };
  std::vector<Key> keys_;
};

}  // namespace hongyan::crypto
