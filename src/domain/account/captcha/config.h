// Section [captcha].
#pragma once

#include <string>
#include <string_view>

#include "hongyan/v1/auth.pb.h"
#include "infra/config/config.h"

namespace hongyan::account {

// Who tells people from programs.
struct CaptchaConfig {
  static constexpr std::string_view kSection = "captcha";

  std::string kind;
  std::string site_key;
  std::string secret_file;
  std::string verify_url;
  std::string script_url;

  // Unspecified for none.
  v1::CaptchaKind provider() const;
  // The one that is set, or else the provider's own.
  std::string url() const;
  // The same of what browsers load.
  std::string script() const;
  // What the page that shows it may load from: sources of a content policy, separated by blanks. Empty for none.
  std::string sources() const;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;
};

}  // namespace hongyan::account
