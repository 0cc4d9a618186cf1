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

void CaptchaConfig::bind(config::Binder& binder) {
  binder.field(
      "kind", kind,
      "Captcha that registering and asking for a code take: turnstile or hcaptcha. Empty: none. The web client "
      "does not show one yet.");
  binder.field("site_key", site_key, "The key that clients show it with.");
  binder.field("secret_file", secret_file, "File whose first line is the secret that its answers are checked with.");
  binder.field("verify_url", verify_url,
               "Where they are checked, by a request under the rules of [egress]; empty: the provider's own.");
}

void CaptchaConfig::validate(config::Rules& rules) const {
  if (kind.empty()) return;
  rules.must_be("turnstile, hcaptcha or empty", "kind", provider() != v1::CAPTCHA_KIND_UNSPECIFIED);
  rules.must_be("set", "site_key", !site_key.empty());
  rules.must_be("a file that exists", "secret_file", std::filesystem::is_regular_file(secret_file));
  rules.accepts("verify_url", egress::parse_target(url(), true));
}

}  // namespace hongyan::account
