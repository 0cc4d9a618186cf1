// Passwords as argon2id strings (RFC 9106).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hongyan::crypto {

// What one guess costs.
struct PasswordCost {
  std::size_t memory_bytes = std::size_t{19} << 20;
  unsigned passes = 2;
};

// Hashes and verifies. Both block for tens of milliseconds, so they run on the `cpu` pool. Thread-safe.
class PasswordHasher {
 public:
  // Hashes a dummy once. Throws std::runtime_error when libsodium cannot.
  explicit PasswordHasher(PasswordCost cost = {});

  // A string with algorithm, cost and salt in it, at most 127 bytes. Errors: unavailable when memory is short.
  Result<std::string> hash(std::string_view password) const;

  // Whether `password` made `hash`. Without a hash (no such account) it compares with the dummy: the same cost, never
  // true.
  bool verify(const std::optional<std::string>& hash, std::string_view password) const;

 private:
  const PasswordCost cost_;
  std::string dummy_;
};

}  // namespace hongyan::crypto
