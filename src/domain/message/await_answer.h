// Turns a call with a callback into something to await, with a deadline.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/result.h"
#include "infra/async/task.h"

namespace hongyan::message {

// Calls `begin(done)` at once, without suspending first, and waits until `done(Result<T>)` was called, from any thread, or
// until the deadline has passed (`timeout`; a later answer is dropped). Resumes on the caller's executor, which must run
// one handler at a time.
template <class T, class Begin>
async::Task<Result<T>> await_answer(async::Deadline deadline, Begin begin) {
  struct Waiting {
    explicit Waiting(const boost::asio::any_io_executor& home) : timer(home) {}
    boost::asio::steady_timer timer;
    std::optional<Result<T>> answer;
  };
  const boost::asio::any_io_executor home = co_await boost::asio::this_coro::executor;
  const auto waiting = std::make_shared<Waiting>(home);
  waiting->timer.expires_at(deadline);
  begin([home, waiting](Result<T> answer) {
    boost::asio::post(home, [waiting, answer = std::move(answer)]() mutable {
      waiting->answer = std::move(answer);
      // Ends the wait under way; a wait that has not begun yet ends at once.
      waiting->timer.expires_at(async::Deadline::min());
    });
  });
  co_await waiting->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  if (waiting->answer) co_return std::move(*waiting->answer);
  co_return fail(ErrorCode::timeout, "no answer before the deadline");
}

}  // namespace hongyan::message
