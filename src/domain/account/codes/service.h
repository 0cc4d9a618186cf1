// Codes: sending one, and finding out whether one is right.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "base/clock.h"
#include "base/result.h"
#include "domain/account/codes/config.h"
#include "domain/account/codes/sender.h"
#include "domain/account/codes/store.h"
#include "domain/account/codes/types.h"
#include "domain/account/store.h"
#include "infra/async/scope.h"
#include "infra/async/task.h"
#include "infra/crypto/random.h"

namespace hongyan::account {

// Thread-safe. Owned by Module, which closes it while the io threads still turn. Every call also answers unavailable or
// timeout, and codes_unavailable for targets that nothing here sends to.
class CodeService {
 public:
  CodeService(CodeStore& codes, CodeSender& sender, UserStore& users, crypto::RandomSource& random, const Clock& clock,
              CodeSeal seal, CodesConfig config, boost::asio::any_io_executor executor)
      : codes_(codes),
        sender_(sender),
        users_(users),
        random_(random),
        clock_(clock),
        seal_(std::move(seal)),
        config_(std::move(config)),
        executor_(std::move(executor)) {}

  bool reaches(TargetKind kind) const { return sender_.reaches(kind); }

  // A new code for the target, instead of an earlier one for the same purpose and device. Whether an account has the target is
  // found out afterwards, in the background, so neither the answer nor its time tells: where none has it, nothing is sent; a
  // code for Purpose::own is sent in any case. What cannot be sent is logged, and nobody is told. Error: rate_limited with
  // retry_after_ms.
  async::Task<Result<CodePromise>> send(CodeWish wish, async::Deadline deadline);

  // Success when it is the code that was sent for this purpose to this target, for this device or for any; then it is used up,
  // whatever comes of it. Errors: code_invalid (also when there is none, or after too many others), code_expired.
  async::Task<Result<void>> redeem(CodeAttempt attempt, async::Deadline deadline);

  // Waits for what is on its way; later codes are not sent. Blocks.
  void close() noexcept;

 private:
  async::Task<void> dispatch(CodeLetter letter);
  async::Task<Result<bool>> is_wanted(CodeLetter letter, async::Deadline deadline);

  CodeStore& codes_;
  CodeSender& sender_;
  UserStore& users_;
  crypto::RandomSource& random_;
  const Clock& clock_;
  const CodeSeal seal_;
  const CodesConfig config_;
  const boost::asio::any_io_executor executor_;
  async::Scope scope_;
};

}  // namespace hongyan::account
