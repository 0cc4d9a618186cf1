// Codes by mail.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "domain/account/codes/types.h"
#include "infra/crypto/random.h"
#include "infra/mail/smtp.h"

namespace hongyan::account {

// Thread-safe. Owned by PooledSender.
class SmtpSender {
 public:
  SmtpSender(mail::SmtpServer server, std::string from, const Clock& clock, crypto::RandomSource& random)
      : server_(std::move(server)), from_(std::move(from)), clock_(clock), random_(random) {}

  // See CodeSender. Blocks, at most `timeout`.
  Result<void> send(const CodeLetter& letter, std::chrono::milliseconds timeout,
                    const std::atomic<bool>& stopped) const;

 private:
  const mail::SmtpServer server_;
  const std::string from_;
  const Clock& clock_;
  crypto::RandomSource& random_;
};

}  // namespace hongyan::account
