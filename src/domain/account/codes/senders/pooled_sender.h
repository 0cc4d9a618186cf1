// The ways that the configuration names, on threads of their own.
#pragma once

#include <atomic>
#include <optional>

#include "domain/account/codes/config.h"
#include "domain/account/codes/sender.h"
#include "domain/account/codes/senders/http_sender.h"
#include "domain/account/codes/senders/smtp_sender.h"
#include "infra/async/blocking_pool.h"
#include "infra/metrics/metrics.h"

namespace hongyan::account {

// E-mail addresses by SMTP, phone numbers by HTTP. Thread-safe. Owned by Module.
class PooledSender final : public CodeSender {
 public:
  // Reads the files with the secrets; throws std::runtime_error when it cannot.
  PooledSender(const CodesConfig& config, const Clock& clock, crypto::RandomSource& random, metrics::Metrics& metrics);
  ~PooledSender() override { stop(); }
  PooledSender(const PooledSender&) = delete;
  PooledSender& operator=(const PooledSender&) = delete;

  bool reaches(TargetKind kind) const override;
  async::Task<Result<void>> send(CodeLetter letter, async::Deadline deadline) override;

  // Ends what is under way within a second or so, and refuses what comes. A repeat does nothing.
  void stop() noexcept;

 private:
  Result<void> send_now(const CodeLetter& letter, async::Deadline deadline);
  void note(const CodeLetter& letter, const Result<void>& outcome);

  metrics::Metrics& metrics_;

  std::optional<SmtpSender> mail_;
  std::optional<HttpSender> gateway_;
  std::atomic<bool> stopped_{false};
  async::BlockingPool pool_;
};

}  // namespace hongyan::account
