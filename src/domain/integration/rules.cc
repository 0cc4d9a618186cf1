#include "domain/integration/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "base/sort_unique.h"
#include "infra/crypto/base64.h"
#include "infra/crypto/hash.h"
#include "infra/net/network.h"

namespace hongyan::integration {
namespace {

// Of 32 random bytes in base64url.
constexpr std::size_t kSecretLength = 43;
constexpr std::size_t kMaxIdempotencyKey = 255;

bool is_secret_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

Result<std::vector<std::string>> check_scopes(std::span<const std::string> scopes, std::span<const std::string> known) {
  std::vector<std::string> checked(scopes.begin(), scopes.end());
  sort_unique(checked);
  for (const std::string& scope : checked) {
    if (std::ranges::find(known, scope) != known.end()) continue;
    return fail(Error::invalid("scopes", fmt::format("\"{}\" is none of {}", scope, fmt::join(known, ", "))));
  }
  if (checked.empty()) return fail(Error::invalid("scopes", fmt::format("some of {}", fmt::join(known, ", "))));
  return checked;
}

Result<void> check_networks(std::span<const std::string> networks) {
  if (networks.size() > kMaxNetworks) return fail(Error::invalid("networks", "more than 64"));
  if (auto parsed = net::parse_networks(networks); !parsed) {
    return fail(Error::invalid("networks", std::move(parsed).error().detail));
  }
  return {};
}

Result<void> check_address(std::span<const std::string> networks, std::string_view ip) {
  if (networks.empty()) return {};
  boost::system::error_code problem;
  const auto address = boost::asio::ip::make_address(std::string(ip), problem);
  const auto allowed = net::parse_networks(networks);
  if (!problem && allowed && net::contains(*allowed, address)) return {};
  return fail(ErrorCode::permission_denied, fmt::format("not from {}", ip));
}

bool has_form(std::string_view secret, std::string_view prefix) {
  return secret.size() == prefix.size() + kSecretLength && secret.starts_with(prefix) &&
         std::ranges::all_of(secret, is_secret_character);
}

Result<std::string> message_id_of(std::string_view idempotency_key) {
  if (idempotency_key.empty() || idempotency_key.size() > kMaxIdempotencyKey) {
    return fail(Error::invalid("Idempotency-Key", "not 1 to 255 bytes"));
  }
  return "hook-" + crypto::sha256_text(idempotency_key);
}

std::string join_words(std::span<const std::string> words) { return fmt::format("{}", fmt::join(words, ",")); }

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return words;
}

}  // namespace hongyan::integration
