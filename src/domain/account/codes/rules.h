// Pure rules of codes: targets, the code itself, what is stored of it. No I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/account/codes/types.h"
#include "infra/crypto/random.h"
#include "infra/crypto/secrets.h"

namespace hongyan::account {

// The one spelling of an e-mail address (ASCII, lower case) or phone number (E.164; blanks, hyphens, dots and brackets are
// left out). Error: invalid_argument on `field`.
Result<Target> parse_target(std::string_view text, std::string_view field);

// The same for one that has to be of this kind.
Result<Target> parse_target(std::string_view text, std::string_view field, TargetKind kind);

// By what somebody logs in with a password: parse_target() or fold_username(). Error: invalid_argument on `account`.
Result<std::string> fold_account(std::string_view text);

// Six digits, each code as likely as any other.
std::string new_code(crypto::RandomSource& random);
// Whether the text can be one.
bool is_code(std::string_view text);

// How often codes may be asked for. Value type.
struct CodeLimits {
  std::chrono::milliseconds resend{60'000};
  std::int64_t tries = 5;
  std::int64_t daily_per_target = 10;
  std::int64_t daily_per_address = 100;
};

// Codes of one target or network so far, since the first of its day. Value type.
struct CodeBudget {
  TimeMs began;
  TimeMs last;
  std::int64_t used = 0;
};

inline constexpr std::chrono::milliseconds kCodeDay{std::chrono::hours(24)};

// The budget after one more code; the first one's day begins now. Error: rate_limited with retry_after_ms.
Result<CodeBudget> spend(const CodeBudget& budget, TimeMs now, std::int64_t daily, std::chrono::milliseconds pause);

// What is stored instead of targets, addresses and codes: nobody who reads the database can find them by trying all, as long
// as they lack the installation's secrets. Immutable, thread-safe.
class CodeSeal {
 public:
  explicit CodeSeal(const crypto::Secrets& secrets);

  std::string target(const Target& target) const;
  // Of an IPv6 address its /64.
  std::string network(std::string_view ip) const;
  // Different for each purpose and target.
  std::string code(Purpose purpose, const Target& target, std::string_view code) const;

 private:
  std::string seal(std::string_view what, std::string_view text) const;

  std::string key_;
};

}  // namespace hongyan::account
