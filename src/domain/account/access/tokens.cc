#include "domain/account/access/tokens.h"

#include <optional>

#include "base/numbers.h"
#include "infra/crypto/base64.h"
#include "infra/crypto/hash.h"

namespace hongyan::account {
namespace {

constexpr std::string_view kAccess = "access";
constexpr std::size_t kRefreshBytes = 32;

template <class T>
std::optional<T> number(const crypto::JwtClaims& claims, const std::string& name) {
  const auto found = claims.texts.find(name);
  if (found == claims.texts.end()) return std::nullopt;
  return number_from<T>(found->second);
}

}  // namespace

Tokens::Tokens(const crypto::Secrets& secrets, crypto::RandomSource& random, const Clock& clock, const Config& config)
    : signer_(secrets.jwt_keys),
      refresh_secret_(secrets.refresh),
      random_(random),
      clock_(clock),
      access_lifetime_(config.access_token),
      session_lifetime_(config.session),
      refresh_grace_(config.refresh_grace) {}

std::string Tokens::issue_access(const AccessClaims& claims) const {
  const TimeMs now = clock_.now();
  return signer_.sign({std::string(kAccess),
                       now,
                       TimeMs(now.value + access_lifetime_.count()),
                       {{"sub", std::to_string(claims.user.value)},
                        {"did", std::to_string(claims.device.value)},
                        {"tv", std::to_string(claims.token_version)},
                        {"gen", std::to_string(claims.generation)}}});
}

Result<AccessClaims> Tokens::read_access(std::string_view token) const {
  HY_TRY(const auto claims, signer_.verify(token, kAccess, clock_.now()));
  const auto user = number<std::uint64_t>(claims, "sub");
  const auto device = number<std::uint64_t>(claims, "did");
  const auto version = number<std::int64_t>(claims, "tv");
  const auto generation = number<std::int64_t>(claims, "gen");
  if (!user || !device || !version || !generation) return fail(ErrorCode::unauthenticated, "claims are missing");
  return AccessClaims{UserId(*user), DeviceId(*device), *version, *generation};
}

std::string Tokens::successor(std::string_view token) const {
  return crypto::base64url_encode(crypto::hmac_sha256(refresh_secret_, token));
}

Result<std::string> Tokens::refresh_hash(std::string_view token) {
  const auto bytes = crypto::base64url_decode_canonical(token);
  if (!bytes || bytes->size() != kRefreshBytes) return fail(ErrorCode::unauthenticated, "not a refresh token");
  return crypto::sha256_text(token);
}

}  // namespace hongyan::account
