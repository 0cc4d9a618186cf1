// Pure rules of API keys and hooks. No I/O.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/integration/types.h"

namespace hongyan::integration {

// Characters at most, and entries.
inline constexpr std::size_t kMaxName = 64;
inline constexpr std::size_t kMaxNetworks = 64;

// Each scope once, by name. Errors: invalid_argument naming `scopes` when there is none, or one that no key can have.
Result<std::vector<std::string>> check_scopes(std::span<const std::string> scopes, std::span<const std::string> known);

// Errors: invalid_argument naming `networks`.
Result<void> check_networks(std::span<const std::string> networks);

// Whether somebody at this address may use what these networks restrict. Errors: permission_denied.
Result<void> check_address(std::span<const std::string> networks, std::string_view ip);

// Whether the text has the form of a secret with this prefix.
bool has_form(std::string_view secret, std::string_view prefix);

// The client_msg_id of a post under this key. Errors: invalid_argument naming `Idempotency-Key`.
Result<std::string> message_id_of(std::string_view idempotency_key);

// Lists as columns keep them.
std::string join_words(std::span<const std::string> words);
std::vector<std::string> split_words(std::string_view text);

}  // namespace hongyan::integration
