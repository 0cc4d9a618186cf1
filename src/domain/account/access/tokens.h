// The tokens of a session: what they say, how they are made, how long they live.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "domain/account/config.h"
#include "infra/crypto/jwt.h"
#include "infra/crypto/random.h"
#include "infra/crypto/secrets.h"

namespace hongyan::account {

// What an access token says.
struct AccessClaims {
  UserId user;
  DeviceId device;
  // Of the user when it was issued: another one now means it is revoked.
  std::int64_t token_version = 0;
  // Of the refresh token it was issued with: its first use ends the repeats of the one before.
  std::int64_t generation = 0;
};

// Makes and reads tokens. Immutable, thread-safe. Owned by Module.
class Tokens {
 public:
  Tokens(const crypto::Secrets& secrets, crypto::RandomSource& random, const Clock& clock, const Config& config);

  std::string issue_access(const AccessClaims& claims) const;
  // Errors: unauthenticated, token_expired.
  Result<AccessClaims> read_access(std::string_view token) const;

  // 256 random bits; invites are such tokens too.
  std::string new_refresh() const { return crypto::random_token(random_); }
  // The one token that `token` is traded for: the same whenever it is asked for, and unguessable without the secret.
  std::string successor(std::string_view token) const;
  // What is stored of a refresh token. Error: unauthenticated when the text cannot be one.
  static Result<std::string> refresh_hash(std::string_view token);

  TimeMs now() const { return clock_.now(); }
  std::chrono::milliseconds access_lifetime() const { return access_lifetime_; }
  std::chrono::milliseconds session_lifetime() const { return session_lifetime_; }
  std::chrono::milliseconds refresh_grace() const { return refresh_grace_; }

 private:
  const crypto::JwtSigner signer_;
  const std::string refresh_secret_;
  crypto::RandomSource& random_;
  const Clock& clock_;
  const std::chrono::milliseconds access_lifetime_;
  const std::chrono::milliseconds session_lifetime_;
  const std::chrono::milliseconds refresh_grace_;
};

}  // namespace hongyan::account
