// Where codes, and what they prove, are kept. Each call is one transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "domain/account/codes/rules.h"
#include "domain/account/types.h"
#include "infra/async/task.h"

namespace hongyan::account {

// A code that is to be sent; all hashes of CodeSeal.
struct NewCode {
  Purpose purpose = Purpose::login;
  std::string target_hash;
  // The only device that may use it; absent: any.
  std::optional<DeviceId> device;
  std::string code_hash;
  // The network of who asks.
  std::string network_hash;
  TimeMs now;
  TimeMs expires;
};

// A code that was shown.
struct ShownCode {
  Purpose purpose = Purpose::login;
  std::string target_hash;
  std::optional<DeviceId> device;
  std::string code_hash;
  TimeMs now;
  // Codes that are compared with one that was sent, at most.
  std::int64_t tries = 0;
};

enum class CodeVerdict : std::uint8_t {
  // It was the one, and is used up.
  right,
  // It was the one, but its time is over.
  expired,
  // There is no such code, or too many others were tried before.
  wrong,
};

// Thread-safe. Errors beside those named: unavailable, timeout, internal.
class CodeStore {
 public:
  virtual ~CodeStore() = default;

  // Keeps the code instead of an earlier one for the same purpose, target and device, if the budgets of its target and its
  // network allow another one; they are spent in the same transaction. Error: rate_limited with retry_after_ms.
  virtual async::Task<Result<void>> issue(NewCode code, CodeLimits limits, async::Deadline deadline) = 0;

  // Compares with the codes for this purpose and target that are for the device or for any, and counts that. Of several at
  // once at most one is right.
  virtual async::Task<Result<CodeVerdict>> redeem(ShownCode shown, async::Deadline deadline) = 0;

  // The target is the user's from now on, instead of the one of its kind they had; the account after it. A repeat changes
  // nothing. Errors: already_exists when another account has it, not_found.
  virtual async::Task<Result<User>> give_target(UserId user, Target target, async::Deadline deadline) = 0;
};

}  // namespace hongyan::account
