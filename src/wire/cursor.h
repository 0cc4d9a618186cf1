// Opaque list cursors: signed, valid for an hour, bound to the query they continue.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace hongyan::wire {

// Seals positions into cursors and opens them again. Thread-safe; the clock must outlive it.
class CursorSigner {
 public:
  static constexpr std::int64_t kLifetimeMs = 3'600'000;

  CursorSigner(std::string secret, const Clock& clock) : secret_(std::move(secret)), clock_(clock) {}

  // `query` names the list, the caller and all that shapes the answer; it is signed but not carried.
  std::string seal(std::string_view query, std::string_view position) const;

  // The position. Errors: invalid_argument naming `cursor` when it was not sealed for this query or is older than an hour.
  Result<std::string> open(std::string_view query, std::string_view cursor) const;

 private:
  std::string mac(std::string_view query, std::string_view body) const;

  const std::string secret_;
  const Clock& clock_;
};

}  // namespace hongyan::wire
