#include "infra/crypto/jwt.h"

#include <simdjson.h>

#include <algorithm>
#include <optional>

#include "base/assert.h"
#include "infra/crypto/base64.h"
#include "infra/crypto/hash.h"

namespace hongyan::crypto {
namespace {

// A clock of another machine, or this one set back, may be this far behind the signer's.
constexpr std::int64_t kSkewMs = 60'000;
constexpr std::size_t kMaxBytes = 4096;
// Beyond any date that makes sense and far from overflow in milliseconds.
constexpr std::int64_t kMaxSeconds = 1'000'000'000'000;

// Our own kids, claim names and values need no escape; whoever passes others has made a mistake.
std::string json_text(std::string_view text) {
  HY_CHECK(std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c > 0x7e || c == '"' || c == '\\'; }));
  return '"' + std::string(text) + '"';
}

std::string header_of(const std::string& kid) {
  return base64url_encode(R"({"alg":"HS256","kid":)" + json_text(kid) + R"(,"typ":"JWT"})");
}

// The payload of a token whose signature is right, so written by this program, perhaps by another version of it.
std::optional<JwtClaims> parse_claims(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(json).get(object) != simdjson::SUCCESS) return std::nullopt;
  JwtClaims claims;
  for (const auto& [name, value] : object) {
    if (name == "iat" || name == "exp") {
      std::int64_t seconds = 0;
      if (value.get(seconds) != simdjson::SUCCESS || seconds < 0 || seconds > kMaxSeconds) return std::nullopt;
      (name == "iat" ? claims.issued : claims.expires) = TimeMs(seconds * 1000);
    } else {
      std::string_view text;
      if (value.get(text) != simdjson::SUCCESS) return std::nullopt;
      if (name == "typ") {
        claims.typ = text;
      } else {
        claims.texts.emplace(name, text);
      }
    }
  }
  return claims;
}

}  // namespace

JwtSigner::JwtSigner(std::vector<JwtKey> keys) {
  HY_CHECK(!keys.empty());
  for (JwtKey& key : keys) keys_.push_back({header_of(key.kid), std::move(key.secret)});
}

std::string JwtSigner::sign(const JwtClaims& claims) const {
  std::string json = "{\"typ\":" + json_text(claims.typ) + ",\"iat\":" + std::to_string(claims.issued.value / 1000) +
                     ",\"exp\":" + std::to_string(claims.expires.value / 1000);
  for (const auto& [name, text] : claims.texts) json += ',' + json_text(name) + ':' + json_text(text);
  json += '}';
  const Key& key = keys_.front();
  std::string token = key.header + '.' + base64url_encode(json);
  return token + '.' + base64url_encode(hmac_sha256(key.secret, token));
}

Result<JwtClaims> JwtSigner::verify(std::string_view token, std::string_view typ, TimeMs now) const {
  const auto refused = [](const char* why) { return fail(ErrorCode::unauthenticated, why); };
  if (token.size() > kMaxBytes) return refused("too long for a token");
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last) return refused("not three parts");
  // The header is compared as a whole, so no byte of an unsigned token is ever interpreted.
  const auto key = std::ranges::find(keys_, token.substr(0, first), &Key::header);
  if (key == keys_.end()) return refused("unknown header");
  const auto signature = base64url_decode_canonical(token.substr(last + 1));
  if (!signature || !equal_constant_time(*signature, hmac_sha256(key->secret, token.substr(0, last)))) {
    return refused("wrong signature");
  }
  const auto json = base64url_decode_canonical(token.substr(first + 1, last - first - 1));
  auto claims = json ? parse_claims(*json) : std::nullopt;
  if (!claims || claims->typ != typ) return refused("not a token of this kind");
  if (claims->issued.value <= 0 || claims->issued.value > now.value + kSkewMs) return refused("issued in the future");
  if (claims->expires <= now) return fail(ErrorCode::token_expired);
  return *std::move(claims);
}

}  // namespace hongyan::crypto
