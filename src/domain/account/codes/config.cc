#include "domain/account/codes/config.h"

#include <algorithm>
#include <filesystem>

#include "infra/egress/target.h"

namespace hongyan::account {
namespace {

// "smtp://HOST[:PORT]" or "smtps://HOST[:PORT]" and nothing behind it.
bool is_smtp_url(std::string_view url) {
  const std::size_t begin = url.find("://") + 3;
  if (!url.starts_with("smtp://") && !url.starts_with("smtps://")) return false;
  const std::string_view server = url.substr(begin);
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._:[]").contains(c);
  };
  return !server.empty() && std::ranges::all_of(server, allowed);
}

bool is_address(std::string_view text) { return parse_target(text, "smtp_from", v1::CODE_TARGET_EMAIL).has_value(); }

}  // namespace

void CodesConfig::bind(config::Binder& binder) {
  binder.field("smtp_url", smtp_url,
               "Mail server for codes to e-mail addresses: smtp://HOST:587 (STARTTLS) or smtps://HOST:465. Empty: none "
               "are sent.");
  binder.field("smtp_user", smtp_user, "Whom to log in as there; empty: without logging in.");
  binder.field("smtp_password_file", smtp_password_file, "File whose first line is the password.");
  binder.field("smtp_from", smtp_from, "Address that the mails come from.");
  binder.field("smtp_plain", smtp_plain, "Sends without TLS over smtp://; for a relay on this machine.");
  binder.field(
      "sms_url", sms_url,
      "Gateway for codes to phone numbers: gets a POST of {to, code, purpose, expires_in_ms, text} as JSON for "
      "each. Empty: none are sent.");
  binder.field("sms_token_file", sms_token_file, "File whose first line is sent to it as bearer token.");
  binder.field("ca_file", ca_file, "PEM file of the authorities to trust for both instead of the system's.");
  binder.field("timeout_ms", timeout, "How long sending one may take.");
  binder.field("expires_ms", expires, "How long a code is good.");
  binder.field("resend_ms", resend, "Time between two codes to the same target.");
  binder.field("tries", tries, "Codes that may be tried until the one that was sent is good no more.");
  binder.field("daily_per_target", daily_per_target, "Codes to the same target within 24 hours.");
  binder.field("daily_per_address", daily_per_address,
               "Codes that one address, or one /64 of IPv6, may ask for within 24 hours.");
}

void CodesConfig::validate(config::Rules& rules) const {
  using namespace std::chrono_literals;
  const auto has_file = [&](std::string_view key, const std::string& path) {
    rules.must_be("a file that exists", key, path.empty() || std::filesystem::is_regular_file(path));
  };
  rules.must_be("smtp://HOST:PORT or smtps://HOST:PORT", "smtp_url", smtp_url.empty() || is_smtp_url(smtp_url));
  rules.must_be("an e-mail address where smtp_url is set", "smtp_from",
                is_address(smtp_from) || (smtp_url.empty() && smtp_from.empty()));
  has_file("smtp_password_file", smtp_password_file);
  if (!sms_url.empty()) rules.accepts("sms_url", egress::parse_target(sms_url, true));
  has_file("sms_token_file", sms_token_file);
  has_file("ca_file", ca_file);
  rules.between("timeout_ms", timeout, 100ms, 60s);
  rules.between("expires_ms", expires, 1s, 1h);
  rules.between("resend_ms", resend, 0ms, 1h);
  rules.between("tries", tries, 1, 100);
  rules.between("daily_per_target", daily_per_target, 1, 1'000'000);
  rules.between("daily_per_address", daily_per_address, 1, 1'000'000);
}

}  // namespace hongyan::account
