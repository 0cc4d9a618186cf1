// A value that comes from elsewhere, and that a coroutine waits for until a deadline.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "infra/async/task.h"

namespace hongyan::async {

// Lives in the coroutine that waits. What gives the value may come from any thread, before or after the wait begins, and may
// outlive it.
template <class T>
class Pending {
 private:
  struct State final : Timeout {
    explicit State(Loop& home) : loop(home) {}
    void expire() override { go_on(); }
    void abandon() override { waiting.reset(); }
    void arrive() {
      if (over) return;
      arrived = true;
      loop.cancel(*this);
      go_on();
    }
    void go_on() {
      if (auto coroutine = std::exchange(waiting, std::nullopt)) std::move(*coroutine).resume();
    }

    Loop& loop;
    // Written once, by who gives it; read on the loop's thread once it has arrived.
    std::optional<T> given;
    // The rest is the loop's thread's. Nobody waits any more.
    bool over = false;
    bool arrived = false;
    std::optional<Suspended> waiting;
  };

 public:
  // Gives the value; a repeat does nothing. Dropped unused, it leaves the wait to its deadline. Move only.
  class Giver {
   public:
    explicit Giver(std::shared_ptr<State> state) : state_(std::move(state)) {}
    Giver(Giver&&) = default;
    Giver& operator=(Giver&&) = default;
    void operator()(T value) {
      if (!state_) return;
      state_->given.emplace(std::move(value));
      Loop& loop = state_->loop;
      loop.post([state = std::move(state_)] { state->arrive(); });
    }

   private:
    std::shared_ptr<State> state_;
  };

  explicit Pending(Loop& loop) : state_(std::make_shared<State>(loop)) {}

  // Taken once.
  Giver giver() const { return Giver(state_); }

  // The value, nothing when the deadline came first. Awaited once.
  Task<std::optional<T>> wait(Deadline deadline) {
    const std::shared_ptr<State> state = state_;
    if (!state->arrived && std::chrono::steady_clock::now() < deadline) {
      state->loop.expire_at(*state, deadline);
      co_await suspend([&state](Suspended waiting) { state->waiting.emplace(std::move(waiting)); });
    }
    state->over = true;
    if (!state->arrived) co_return std::nullopt;
    co_return std::move(state->given);
  }

 private:
  std::shared_ptr<State> state_;
};

}  // namespace hongyan::async
