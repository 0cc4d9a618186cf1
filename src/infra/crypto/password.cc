#include "infra/crypto/password.h"

#include <sodium.h>

#include <array>
#include <stdexcept>

#include "infra/crypto/random.h"

namespace hongyan::crypto {

PasswordHasher::PasswordHasher(PasswordCost cost) : cost_(cost) {
  if (::sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
  SystemRandom random;
  auto dummy = hash(random_token(random));
  if (!dummy) throw std::runtime_error("argon2id: " + dummy.error().detail);
  dummy_ = *std::move(dummy);
}

Result<std::string> PasswordHasher::hash(std::string_view password) const {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (::crypto_pwhash_str_alg(text.data(), password.data(), password.size(), cost_.passes, cost_.memory_bytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return fail(Error::later(ErrorCode::unavailable, 1000, "not enough memory to hash a password"));
  }
  return std::string(text.data());
}

bool PasswordHasher::verify(const std::optional<std::string>& hash, std::string_view password) const {
  const std::string& compared = hash ? *hash : dummy_;
  return ::crypto_pwhash_str_verify(compared.c_str(), password.data(), password.size()) == 0 && hash.has_value();
}

}  // namespace hongyan::crypto
