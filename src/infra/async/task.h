// The coroutine type of the whole system.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <coroutine>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "infra/async/loop.h"

namespace hongyan::async {

// The deadline `from_now` ahead.
inline Deadline deadline_in(std::chrono::milliseconds from_now) { return std::chrono::steady_clock::now() + from_now; }

// What a coroutine that was spawned shares with all it awaits: the loop on whose thread they run, and the outermost frame, which
// owns the others.
struct Root {
  Loop* loop = nullptr;
  std::coroutine_handle<> frame;
};

// A coroutine that waits; it is resumed or, when this is dropped, destroyed with all that awaits it. Move only.
class Suspended {
 public:
  Suspended(std::coroutine_handle<> frame, Root& root) : frame_(frame), root_(&root) {}
  Suspended(Suspended&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)), root_(other.root_) {}
  Suspended& operator=(Suspended&& other) noexcept {
    std::swap(frame_, other.frame_);
    std::swap(root_, other.root_);
    return *this;
  }
  ~Suspended() {
    if (frame_) root_->frame.destroy();
  }

  // On the coroutine's own thread: goes on at once.
  void resume() && { std::exchange(frame_, nullptr).resume(); }
  // From any thread: goes on in a later turn of its loop.
  void resume_later() && {
    Loop& loop = *root_->loop;
    loop.post([self = std::move(*this)]() mutable { std::move(self).resume(); });
  }

 private:
  std::coroutine_handle<> frame_;
  Root* root_;
};

template <class T>
class Task;

// What the promises of all coroutines have.
struct PromiseBase {
  // Goes on with who has awaited it.
  struct AtEnd {
    bool await_ready() const noexcept { return false; }
    template <class Ending>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Ending> frame) const noexcept {
      return frame.promise().continuation;
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  AtEnd final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { escaped = std::current_exception(); }

  Root* root = nullptr;
  std::coroutine_handle<> continuation;
  std::exception_ptr escaped;
};

template <class T>
struct Promise : PromiseBase {
  Task<T> get_return_object();
  void return_value(T result) { value.emplace(std::move(result)); }
  T result() { return *std::move(value); }
  std::optional<T> value;
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() const noexcept {}
  void result() const noexcept {}
};

// A coroutine that begins when it is awaited and runs on the thread of whoever awaits it. Exceptions pass through. Owned by who
// called it; awaited at most once.
template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = Promise<T>;

  explicit Task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~Task() {
    if (frame_) frame_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  template <class Awaiting>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Awaiting> awaiting) noexcept {
    frame_.promise().root = awaiting.promise().root;
    frame_.promise().continuation = awaiting;
    return frame_;
  }
  T await_resume() {
    if (frame_.promise().escaped) std::rethrow_exception(frame_.promise().escaped);
    return frame_.promise().result();
  }

 private:
  std::coroutine_handle<promise_type> frame_;
};

template <class T>
Task<T> Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

// co_await suspend(begin): hands begin(Suspended) the coroutine, which waits until that is resumed, perhaps before begin returns.
template <class Begin>
class Suspension {
 public:
  explicit Suspension(Begin begin) : begin_(std::move(begin)) {}
  bool await_ready() const noexcept { return false; }
  template <class Awaiting>
  void await_suspend(std::coroutine_handle<Awaiting> frame) {
    // This object may be gone before `begin` returns.
    Begin begin = std::move(begin_);
    begin(Suspended(frame, *frame.promise().root));
  }
  void await_resume() const noexcept {}

 private:
  Begin begin_;
};

template <class Begin>
Suspension<Begin> suspend(Begin begin) {
  return Suspension<Begin>(std::move(begin));
}

// co_await this_loop(): the loop the coroutine runs on, without waiting.
struct ThisLoop {
  bool await_ready() const noexcept { return false; }
  template <class Awaiting>
  bool await_suspend(std::coroutine_handle<Awaiting> frame) noexcept {
    loop = frame.promise().root->loop;
    return false;
  }
  Loop& await_resume() const noexcept { return *loop; }
  Loop* loop = nullptr;
};
inline ThisLoop this_loop() { return {}; }

// How a spawned coroutine has ended: with the exception that left it, or null.
using Ended = std::move_only_function<void(std::exception_ptr)>;

// Runs `task` on the loop: at once up to its first wait when called on the loop's thread, else in a later turn. `ended` is called
// there, when nothing of the task is left.
void spawn(Loop& loop, Task<void> task, Ended ended);

// Runs `task` on the executor's loop and hands out what it gives; for threads that may wait, and for tests.
template <class T>
std::future<T> start(const boost::asio::any_io_executor& executor, Task<T> task) {
  auto promise = std::make_shared<std::promise<T>>();
  auto future = promise->get_future();
  auto work = [](Task<T> inner, std::shared_ptr<std::promise<T>> result) -> Task<void> {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(inner);
      result->set_value();
    } else {
      result->set_value(co_await std::move(inner));
    }
  };
  spawn(Loop::of(executor), work(std::move(task), promise), [promise](std::exception_ptr escaped) {
    if (escaped) promise->set_exception(std::move(escaped));
  });
  return future;
}

}  // namespace hongyan::async
