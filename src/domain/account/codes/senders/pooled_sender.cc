#include "domain/account/codes/senders/pooled_sender.h"

#include "infra/config/data_folder.h"

namespace hongyan::account {
namespace {

constexpr std::size_t kThreads = 2;
constexpr std::size_t kQueue = 256;

}  // namespace

PooledSender::PooledSender(const CodesConfig& config, const Clock& clock, crypto::RandomSource& random,
                           metrics::Metrics& metrics)
    : metrics_(metrics), pool_("codes", kThreads, kQueue) {
  if (!config.smtp_url.empty()) {
    mail::SmtpServer server{.url = config.smtp_url,
                            .user = config.smtp_user,
                            .password = config::secret_in(config.smtp_password_file),
                            .plain = config.smtp_plain,
                            .ca_file = config.ca_file};
    mail_.emplace(std::move(server), config.smtp_from, clock, random);
  }
  if (!config.sms_url.empty()) {
    gateway_.emplace(HttpGateway{config.sms_url, config::secret_in(config.sms_token_file), config.ca_file});
  }
}

bool PooledSender::reaches(TargetKind kind) const {
  if (kind == v1::CODE_TARGET_EMAIL) return mail_.has_value();
  return kind == v1::CODE_TARGET_PHONE && gateway_.has_value();
}

async::Task<Result<void>> PooledSender::send(CodeLetter letter, async::Deadline deadline) {
  const auto sent = co_await pool_.run(deadline, [this, letter, deadline] { return send_now(letter, deadline); });
  note(letter, sent);
  co_return sent;
}

Result<void> PooledSender::send_now(const CodeLetter& letter, async::Deadline deadline) {
  if (stopped_) return fail(ErrorCode::unavailable, "the server stops");
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  if (left.count() <= 0) return fail(ErrorCode::timeout, "no time left");
  if (letter.to.kind == v1::CODE_TARGET_EMAIL && mail_) return mail_->send(letter, left, stopped_);
  if (letter.to.kind == v1::CODE_TARGET_PHONE && gateway_) return gateway_->send(letter, left, stopped_);
  return fail(ErrorCode::unavailable, "no way there");
}

void PooledSender::note(const CodeLetter& letter, const Result<void>& outcome) {
  metrics_
      .counter("hongyan_codes_total", "Codes handed over to be delivered, by way and outcome.",
               {{"way", letter.to.kind == v1::CODE_TARGET_EMAIL ? "email" : "phone"},
                {"outcome", outcome ? "ok" : std::string(error_name(outcome.error().code))}})
      .Increment();
}

void PooledSender::stop() noexcept {
  stopped_ = true;
  pool_.stop();
}

}  // namespace hongyan::account
