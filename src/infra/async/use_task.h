// Lets coroutines await Asio's operations.
#pragma once

#include <boost/asio/async_result.hpp>
#include <optional>
#include <tuple>
#include <utility>

#include "infra/async/task.h"

namespace hongyan::async {

// A completion token: `const auto [error, size] = co_await socket.async_read_some(buffer, use_task);`. Answers all that the
// operation hands its handler, as a tuple; nothing is thrown. The object that operates belongs to the coroutine's loop.
struct UseTask {};
inline constexpr UseTask use_task;

// One operation, begun when it is awaited.
template <class Begin, class... Results>
class Operation {
 public:
  explicit Operation(Begin begin) : begin_(std::move(begin)) {}

  bool await_ready() const noexcept { return false; }
  template <class Awaiting>
  void await_suspend(std::coroutine_handle<Awaiting> frame) {
    Begin begin = std::move(begin_);
    begin(Handler{&results_, Suspended(frame, *frame.promise().root)});
  }
  std::tuple<Results...> await_resume() { return *std::move(results_); }

 private:
  struct Handler {
    std::optional<std::tuple<Results...>>* results;
    Suspended waiting;
    void operator()(Results... given) {
      results->emplace(std::move(given)...);
      std::move(waiting).resume();
    }
  };

  Begin begin_;
  std::optional<std::tuple<Results...>> results_;
};

}  // namespace hongyan::async

template <class... Results>
class boost::asio::async_result<hongyan::async::UseTask, void(Results...)> {
 public:
  template <class Initiation, class... Args>
  static auto initiate(Initiation initiation, hongyan::async::UseTask, Args... args) {
    auto begin = [initiation = std::move(initiation),
                  arguments = std::make_tuple(std::move(args)...)](auto handler) mutable {
      std::apply([&](auto&... each) { std::move(initiation)(std::move(handler), std::move(each)...); }, arguments);
    };
    return hongyan::async::Operation<decltype(begin), std::decay_t<Results>...>(std::move(begin));
  }
};
