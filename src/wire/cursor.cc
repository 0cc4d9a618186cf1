#include "wire/cursor.h"

#include "base/numbers.h"
#include "infra/crypto/base64.h"
#include "infra/crypto/hash.h"

namespace hongyan::wire {
namespace {

constexpr std::size_t kMacBytes = 16;

}  // namespace

std::string CursorSigner::mac(std::string_view query, std::string_view body) const {
  std::string signed_text = std::to_string(query.size()) + ":" + std::string(query) + std::string(body);
  return crypto::hmac_sha256(secret_, signed_text).substr(0, kMacBytes);
}

std::string CursorSigner::seal(std::string_view query, std::string_view position) const {
  std::string body = std::to_string(clock_.now().value + kLifetimeMs) + ":" + std::string(position);
  return crypto::base64url_encode(mac(query, body) + body);
}

Result<std::string> CursorSigner::open(std::string_view query, std::string_view cursor) const {
  const auto refused = [](const char* why) { return fail(Error::invalid("cursor", why)); };
  const auto sealed = crypto::base64url_decode(cursor);
  if (!sealed || sealed->size() <= kMacBytes) return refused("not a cursor");
  std::string_view body = std::string_view(*sealed).substr(kMacBytes);
  if (!crypto::equal_constant_time(mac(query, body), std::string_view(*sealed).substr(0, kMacBytes))) {
    return refused("not a cursor of this list");
  }
  std::int64_t expires_ms = 0;
  if (!take_number(body, expires_ms, ':') || clock_.now().value > expires_ms) return refused("expired");
  return std::string(body);
}

}  // namespace hongyan::wire
