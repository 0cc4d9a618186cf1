#include "domain/account/codes/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "domain/account/rules.h"
#include "infra/crypto/base64.h"
#include "infra/crypto/hash.h"
#include "infra/net/network.h"

namespace hongyan::account {
namespace {

constexpr std::size_t kMaxAddress = 254;
constexpr std::size_t kMaxLocalPart = 64;
constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kMinPhoneDigits = 8;
constexpr std::size_t kMaxPhoneDigits = 15;
constexpr std::size_t kCodeDigits = 6;
constexpr std::uint32_t kCodes = 1'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }

// Without quotes and comments, which nobody has and which software reads in different ways.
bool is_local_part(std::string_view text) {
  const auto allowed = [](char c) {
    return is_small_letter(c) || is_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").contains(c);
  };
  return !text.empty() && text.size() <= kMaxLocalPart && std::ranges::all_of(text, allowed) && text.front() != '.' &&
         text.back() != '.' && !text.contains("..");
}

bool is_label(std::string_view text) {
  const auto allowed = [](char c) { return is_small_letter(c) || is_digit(c) || c == '-'; };
  return !text.empty() && text.size() <= kMaxLabel && std::ranges::all_of(text, allowed) && text.front() != '-' &&
         text.back() != '-';
}

// At least two labels, and the last is no number.
bool is_mail_domain(std::string_view text) {
  bool several = false;
  for (std::size_t dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
    if (!is_label(text.substr(0, dot))) return false;
    text.remove_prefix(dot + 1);
    several = true;
  }
  return several && is_label(text) && !std::ranges::all_of(text, is_digit);
}

std::string without_blanks_around(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return std::string(text);
}

Result<Target> parse_address(std::string text, std::string_view field) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  std::ranges::transform(text, text.begin(), small);
  const std::size_t at = text.rfind('@');
  const std::string_view whole = text;
  if (text.size() > kMaxAddress || !is_local_part(whole.substr(0, at)) || !is_mail_domain(whole.substr(at + 1))) {
    return fail(Error::invalid(std::string(field), "no e-mail address"));
  }
  return Target{v1::CODE_TARGET_EMAIL, std::move(text)};
}

Result<Target> parse_phone(std::string text, std::string_view field) {
  std::erase_if(text, [](char c) { return std::string_view(" -.()").contains(c); });
  const std::string_view digits = std::string_view(text).substr(std::min<std::size_t>(1, text.size()));
  if (!text.starts_with('+') || digits.size() < kMinPhoneDigits || digits.size() > kMaxPhoneDigits ||
      !std::ranges::all_of(digits, is_digit) || digits.front() == '0') {
    return fail(Error::invalid(std::string(field), "no e-mail address and no phone number with its country"));
  }
  return Target{v1::CODE_TARGET_PHONE, std::move(text)};
}

}  // namespace

Result<Target> parse_target(std::string_view text, std::string_view field) {
  std::string trimmed = without_blanks_around(text);
  return trimmed.contains('@') ? parse_address(std::move(trimmed), field) : parse_phone(std::move(trimmed), field);
}

Result<Target> parse_target(std::string_view text, std::string_view field, TargetKind kind) {
  HY_TRY(auto target, parse_target(text, field));
  if (target.kind != kind) return fail(Error::invalid(std::string(field), "something else"));
  return target;
}

Result<std::string> fold_account(std::string_view text) {
  if (!text.contains('@') && !text.starts_with('+')) return fold_username(text, "account");
  HY_TRY(auto target, parse_target(text, "account"));
  return std::move(target.text);
}

std::string new_code(crypto::RandomSource& random) {
  // Numbers above the last whole multiple would favour the first codes.
  constexpr std::uint32_t kFair = UINT32_MAX / kCodes * kCodes;
  for (;;) {
    std::uint32_t number = 0;
    for (const char byte : random.bytes(sizeof number)) number = number << 8U | static_cast<unsigned char>(byte);
    if (number < kFair) return fmt::format("{:06}", number % kCodes);
  }
}

bool is_code(std::string_view text) { return text.size() == kCodeDigits && std::ranges::all_of(text, is_digit); }

Result<CodeBudget> spend(const CodeBudget& budget, TimeMs now, std::int64_t daily, std::chrono::milliseconds pause) {
  if (budget.used == 0) return CodeBudget{now, now, 1};
  // A clock that was set back makes nobody wait longer.
  const std::int64_t day_left = std::min(budget.began.value - now.value, std::int64_t{0}) + kCodeDay.count();
  std::int64_t wait = std::min(budget.last.value - now.value, std::int64_t{0}) + pause.count();
  if (budget.used >= daily) wait = std::max(wait, day_left);
  if (wait > 0) return fail(Error::later(ErrorCode::rate_limited, wait, "too many codes"));
  if (day_left <= 0) return CodeBudget{now, now, 1};
  return CodeBudget{budget.began, now, budget.used + 1};
}

CodeSeal::CodeSeal(const crypto::Secrets& secrets) : key_(crypto::hmac_sha256(secrets.refresh, "verification codes")) {}

std::string CodeSeal::target(const Target& target) const { return seal("target", target.text); }

std::string CodeSeal::network(std::string_view ip) const { return seal("network", net::client_network(ip)); }

std::string CodeSeal::code(Purpose purpose, const Target& target, std::string_view code) const {
  return seal("code", fmt::format("{} {} {}", static_cast<int>(purpose), code, target.text));
}

std::string CodeSeal::seal(std::string_view what, std::string_view text) const {
  return crypto::base64url_encode(crypto::hmac_sha256(key_, std::string(what) + ':' + std::string(text)));
}

}  // namespace hongyan::account
