// Who has to show that they are no program.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "domain/account/captcha/config.h"
#include "domain/account/captcha/verifier.h"
#include "infra/async/task.h"

namespace hongyan::account {

// Thread-safe. Owned by Module.
class CaptchaService {
 public:
  CaptchaService(CaptchaVerifier& verifier, CaptchaConfig config) : verifier_(verifier), config_(std::move(config)) {}

  // What clients show; nothing where no captcha is asked for.
  std::optional<v1::CaptchaOptions> options() const;

  // Success where none is asked for, and for the token of one that was solved; each token is good once. Errors:
  // captcha_required, and unavailable or timeout when nobody can tell: then nobody gets past.
  async::Task<Result<void>> check(std::string token, std::string ip, async::Deadline deadline);

 private:
  CaptchaVerifier& verifier_;
  const CaptchaConfig config_;
};

}  // namespace hongyan::account
