#include "infra/async/task.h"

#include <boost/asio/executor_work_guard.hpp>

namespace hongyan::async {
namespace {

using Work = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

// The outermost coroutine: owned by itself, or by who holds it suspended.
struct Spawned {
  struct promise_type {
    Spawned get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    // Nothing can leave it but what `ended` throws.
    void unhandled_exception() noexcept { std::terminate(); }

    Root own;
    Root* root = &own;
  };
  std::coroutine_handle<promise_type> frame;
};

// `work`: the loop goes on turning as long as this has not ended.
Spawned run(Task<void> task, Ended ended, Work work) {
  std::exception_ptr escaped;
  try {
    // Nothing of it is left when it is said to have ended.
    Task<void> whole = std::move(task);
    co_await std::move(whole);
  } catch (...) {
    escaped = std::current_exception();
  }
  work.reset();
  if (ended) ended(std::move(escaped));
}

}  // namespace

void spawn(Loop& loop, Task<void> task, Ended ended) {
  const auto frame = run(std::move(task), std::move(ended), boost::asio::make_work_guard(loop.context())).frame;
  Root& root = frame.promise().own;
  root = {&loop, frame};
  Suspended fresh(frame, root);
  if (loop.on_thread()) {
    std::move(fresh).resume();
  } else {
    std::move(fresh).resume_later();
  }
}

}  // namespace hongyan::async
