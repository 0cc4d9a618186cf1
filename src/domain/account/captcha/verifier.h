// The way to whoever knows whether a captcha was solved.
#pragma once

#include <string>

#include "base/result.h"
#include "infra/async/task.h"

namespace hongyan::account {

// Thread-safe. Outlives the slice.
class CaptchaVerifier {
 public:
  virtual ~CaptchaVerifier() = default;

  // Whether `token` is that of a captcha that was solved just now, and not shown before. A repeat is false. Errors:
  // unavailable, timeout.
  virtual async::Task<Result<bool>> verify(std::string token, std::string ip, async::Deadline deadline) = 0;
};

}  // namespace hongyan::account
