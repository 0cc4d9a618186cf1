#include "domain/account/codes/service.h"

#include "infra/log/log.h"

namespace hongyan::account {
namespace {

// Codes on their way at once.
constexpr std::size_t kMaxOnTheirWay = 256;
constexpr std::chrono::seconds kCloseDeadline{5};

Error code_error(ErrorCode code, std::string why) {
  Error error(code, std::move(why));
  error.field = "code";
  return error;
}

Error unreachable_error() { return Error(ErrorCode::codes_unavailable, "nothing sends codes to such targets"); }

}  // namespace

async::Task<Result<CodePromise>> CodeService::send(CodeWish wish, async::Deadline deadline) {
  if (!sender_.reaches(wish.target.kind)) co_return fail(unreachable_error());
  if (scope_.running() >= kMaxOnTheirWay) {
    co_return fail(Error::later(ErrorCode::unavailable, 1000, "too many codes on their way"));
  }
  CodeLetter letter{std::move(wish.target), new_code(random_), wish.purpose, config_.expires};
  NewCode code;
  code.purpose = letter.purpose;
  code.target_hash = seal_.target(letter.to);
  code.device = wish.device;
  code.code_hash = seal_.code(letter.purpose, letter.to, letter.code);
  code.network_hash = seal_.network(wish.ip);
  code.now = clock_.now();
  code.expires = TimeMs(code.now.value + config_.expires.count());
  HY_CO_TRY(co_await codes_.issue(std::move(code), config_.limits(), deadline));
  // False once the process stops: then it was never sent.
  (void)scope_.spawn(executor_, dispatch(std::move(letter)));
  co_return CodePromise{config_.expires, config_.resend};
}

async::Task<Result<void>> CodeService::redeem(CodeAttempt attempt, async::Deadline deadline) {
  if (!sender_.reaches(attempt.target.kind)) co_return fail(unreachable_error());
  // What is no code at all is not worth a row.
  if (!is_code(attempt.code)) co_return fail(code_error(ErrorCode::code_invalid, "not six digits"));
  ShownCode shown;
  shown.purpose = attempt.purpose;
  shown.target_hash = seal_.target(attempt.target);
  shown.device = attempt.device;
  shown.code_hash = seal_.code(attempt.purpose, attempt.target, attempt.code);
  shown.now = clock_.now();
  shown.tries = config_.tries;
  HY_CO_TRY(const CodeVerdict verdict, co_await codes_.redeem(std::move(shown), deadline));
  switch (verdict) {
    case CodeVerdict::right: co_return Result<void>();
    case CodeVerdict::expired: co_return fail(code_error(ErrorCode::code_expired, "its time is over"));
    case CodeVerdict::wrong: break;
  }
  co_return fail(code_error(ErrorCode::code_invalid, "another code"));
}

void CodeService::close() noexcept { (void)scope_.close(kCloseDeadline); }

async::Task<void> CodeService::dispatch(CodeLetter letter) {
  const async::Deadline deadline = async::deadline_in(config_.timeout);
  const char* kind = letter.to.kind == v1::CODE_TARGET_EMAIL ? "email" : "phone";
  const auto wanted = co_await is_wanted(letter, deadline);
  if (wanted && !*wanted) co_return;
  const Result<void> sent =
      wanted ? co_await sender_.send(std::move(letter), deadline) : std::unexpected(wanted.error());
  if (!sent) log::warn("code_not_sent", {{"kind", kind}, {"why", sent.error().detail}});
}

async::Task<Result<bool>> CodeService::is_wanted(CodeLetter letter, async::Deadline deadline) {
  if (letter.purpose == Purpose::own) co_return true;
  HY_CO_TRY(const auto found, co_await users_.credentials(letter.to.text, std::nullopt, deadline));
  co_return found && found->user.card.enabled;
}

}  // namespace hongyan::account
