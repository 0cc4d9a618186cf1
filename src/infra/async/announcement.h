// Something that happens once, elsewhere, and that a coroutine waits for.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>

#include "infra/async/task.h"

namespace hongyan::async {

// Lives in a coroutine whose executor is one thread; announce() may be called from any thread and may outlive it.
class Announcement {
 public:
  Announcement(boost::asio::any_io_executor executor, Deadline deadline)
      : state_(std::make_shared<State>(std::move(executor), deadline)) {}

  // The function that announces. A repeat does nothing.
  std::move_only_function<void()> announce() const {
    return [state = state_] {
      boost::asio::post(state->timer.get_executor(), [state] {
        state->announced = true;
        state->timer.cancel();
      });
    };
  }

  // True once announced, false when the deadline came first.
  Task<bool> wait() {
    if (!state_->announced) co_await state_->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    co_return state_->announced;
  }

 private:
  struct State {
    State(boost::asio::any_io_executor executor, Deadline deadline) : timer(std::move(executor), deadline) {}
    boost::asio::steady_timer timer;
    bool announced = false;
  };

  std::shared_ptr<State> state_;
};

}  // namespace hongyan::async
