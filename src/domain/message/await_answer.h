// Turns a call with a callback into something to await, with a deadline.
#pragma once

#include <utility>

#include "base/result.h"
#include "infra/async/pending.h"

namespace hongyan::message {

// Calls `begin(done)` at once, without suspending first, and waits until `done(Result<T>)` was called, once and from any thread, or
// until the deadline has passed (`timeout`; a later answer is dropped).
template <class T, class Begin>
async::Task<Result<T>> await_answer(async::Deadline deadline, Begin begin) {
  async::Pending<Result<T>> pending(co_await async::this_loop());
  begin(pending.giver());
  auto answer = co_await pending.wait(deadline);
  if (answer) co_return *std::move(answer);
  co_return fail(ErrorCode::timeout, "no answer before the deadline");
}

}  // namespace hongyan::message
