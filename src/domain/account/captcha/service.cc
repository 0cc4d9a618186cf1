#include "domain/account/captcha/service.h"

namespace hongyan::account {
namespace {

// Those of providers have up to 2 KiB.
constexpr std::size_t kMaxToken = 4096;

}  // namespace

std::optional<v1::CaptchaOptions> CaptchaService::options() const {
  if (config_.provider() == v1::CAPTCHA_KIND_UNSPECIFIED) return std::nullopt;
  v1::CaptchaOptions options;
  options.set_kind(config_.provider());
  options.set_site_key(config_.site_key);
  options.set_script_url(config_.script());
  return options;
}

async::Task<Result<void>> CaptchaService::check(std::string token, std::string ip, async::Deadline deadline) {
  if (config_.provider() == v1::CAPTCHA_KIND_UNSPECIFIED) co_return Result<void>();
  Error required(ErrorCode::captcha_required, "not solved");
  required.field = "captcha";
  if (token.empty() || token.size() > kMaxToken) co_return fail(std::move(required));
  HY_CO_TRY(const bool solved, co_await verifier_.verify(std::move(token), std::move(ip), deadline));
  if (!solved) co_return fail(std::move(required));
  co_return Result<void>();
}

}  // namespace hongyan::account
