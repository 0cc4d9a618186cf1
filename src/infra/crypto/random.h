// Randomness for secrets, injected so that tests can foresee it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace hongyan::crypto {

// Thread-safe.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  // Fills all of `out`.
  virtual void fill(std::span<char> out) = 0;

  // `count` random bytes.
  std::string bytes(std::size_t count) {
    std::string text(count, '\0');
    fill(text);
    return text;
  }
};

// The kernel's generator, by libsodium.
class SystemRandom final : public RandomSource {
 public:
  SystemRandom();
  void fill(std::span<char> out) override;
};

// 256 random bits in base64url: a bearer token nobody guesses.
std::string random_token(RandomSource& random);

}  // namespace hongyan::crypto
