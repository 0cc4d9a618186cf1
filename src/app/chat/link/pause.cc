#include "app/chat/link/pause.h"

#include <boost/asio/steady_timer.hpp>

#include "infra/async/use_task.h"

namespace hongyan::chat {

async::Task<void> sleep(std::chrono::milliseconds time) {
  boost::asio::steady_timer timer((co_await async::this_loop()).context(), time);
  co_await timer.async_wait(async::use_task);
}

bool is_passing(const Error& error) {
  const bool limited = error.code == ErrorCode::rate_limited || error.code == ErrorCode::locked;
  return limited ? error.retry_after_ms.has_value() : error_retryable(error.code);
}

std::optional<std::chrono::milliseconds> pause_before_retry(const Error& error, Backoff& backoff,
                                                            async::Deadline deadline) {
  if (!is_passing(error)) return std::nullopt;
  constexpr std::int64_t kLongest = 24 * 3'600'000;
  const auto asked_for =
      std::chrono::milliseconds(std::clamp<std::int64_t>(error.retry_after_ms.value_or(0), 0, kLongest));
  const auto pause = asked_for + backoff.next();
  if (pause > deadline - std::chrono::steady_clock::now()) return std::nullopt;
  return pause;
}

}  // namespace hongyan::chat
