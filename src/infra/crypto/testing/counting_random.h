// Randomness that counts, for tests.
#pragma once

#include <atomic>

#include "infra/crypto/random.h"

namespace hongyan::crypto::testing {

// Each fill() differs from all before it and is the same in every run.
class CountingRandom final : public RandomSource {
 public:
  void fill(std::span<char> out) override {
    auto seed = static_cast<std::uint32_t>(++calls_);
    for (char& byte : out) {
      seed = seed * 1664525U + 1013904223U;
      byte = static_cast<char>(seed >> 24);
    }
  }

 private:
  std::atomic<std::uint32_t> calls_{0};
};

}  // namespace hongyan::crypto::testing
