// Asks the provider, as Turnstile and hCaptcha both want to be asked.
#pragma once

#include <string>

#include "domain/account/captcha/verifier.h"
#include "infra/egress/client.h"

namespace hongyan::account {

// Posts {secret, response, remoteip} as a form and reads `success` of the JSON that comes back. Thread-safe. Owned by Module.
class SiteVerifier final : public CaptchaVerifier {
 public:
  SiteVerifier(egress::Client& client, std::string url, std::string secret)
      : client_(client), url_(std::move(url)), secret_(std::move(secret)) {}

  async::Task<Result<bool>> verify(std::string token, std::string ip, async::Deadline deadline) override;

 private:
  egress::Client& client_;
  const std::string url_;
  const std::string secret_;
};

// `success` of an answer; false for everything that does not say so.
bool says_success(const std::string& json);
// `text` as a value of application/x-www-form-urlencoded.
std::string form_value(std::string_view text);

}  // namespace hongyan::account
