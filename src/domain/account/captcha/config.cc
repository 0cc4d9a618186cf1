#include "domain/account/captcha/config.h"

#include <filesystem>

#include "infra/egress/target.h"

namespace hongyan::account {

v1::CaptchaKind CaptchaConfig::provider() const {
  if (kind == "turnstile") return v1::CAPTCHA_KIND_TURNSTILE;
  if (kind == "hcaptcha") return v1::CAPTCHA_KIND_HCAPTCHA;
  return v1::CAPTCHA_KIND_UNSPECIFIED;
}

std::string CaptchaConfig::url() const {
  if (!verify_url.empty()) return verify_url;
  if (kind == "hcaptcha") return "https://api.hcaptcha.com/siteverify";
  return "https://challenges.cloudflare.com/turnstile/v0/siteverify";
}

std::string CaptchaConfig::script() const {
  if (!script_url.empty()) return script_url;
  if (kind == "hcaptcha") return "https://js.hcaptcha.com/1/api.js";
  return "https://challenges.cloudflare.com/turnstile/v0/api.js";
}

std::string CaptchaConfig::sources() const {
  if (kind.empty()) return "";
  // By the providers' own advice: https://docs.hcaptcha.com/#content-security-policy-settings and
  // https://developers.cloudflare.com/turnstile/reference/content-security-policy/
  if (script_url.empty() && kind == "hcaptcha") return "https://hcaptcha.com https://*.hcaptcha.com";
  const auto target = egress::parse_target(script(), true);
  return target ? target->url.substr(0, target->url.find('/', target->url.find("://") + 3)) : "";
}

void CaptchaConfig::bind(config::Binder& binder) {
  binder.field("kind", kind,
               "Captcha that registering and asking for a code take: turnstile or hcaptcha. Empty: none.");
  binder.field("site_key", site_key, "The key that clients show it with.");
  binder.field("secret_file", secret_file, "File whose first line is the secret that its answers are checked with.");
  binder.field("verify_url", verify_url,
               "Where they are checked, by a request under the rules of [egress]; empty: the provider's own.");
  binder.field(
      "script_url", script_url,
      "Where browsers load it from; empty: the provider's own. The page that shows it loads from nowhere else.");
}

void CaptchaConfig::validate(config::Rules& rules) const {
  if (kind.empty()) return;
  rules.must_be("turnstile, hcaptcha or empty", "kind", provider() != v1::CAPTCHA_KIND_UNSPECIFIED);
  rules.must_be("set", "site_key", !site_key.empty());
  rules.must_be("a file that exists", "secret_file", std::filesystem::is_regular_file(secret_file));
  rules.accepts("verify_url", egress::parse_target(url(), true));
  rules.accepts("script_url", egress::parse_target(script(), true));
}

}  // namespace hongyan::account
