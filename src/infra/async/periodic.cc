#include "infra/async/periodic.h"

#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <utility>

#include "infra/async/use_task.h"

namespace hongyan::async {

Periodic::Periodic(boost::asio::any_io_executor executor, Turn turn)
    : executor_(std::move(executor)), turn_(std::move(turn)), timer_(executor_) {}

void Periodic::start(std::chrono::milliseconds pause) { (void)scope_.spawn(executor_, run(pause)); }

void Periodic::stop(std::chrono::milliseconds patience) noexcept {
  // Nothing that was posted may come when this is gone, so that is waited for too.
  const auto stopped = boost::asio::post(executor_, boost::asio::use_future([this] {
                                           stopping_ = true;
                                           timer_.cancel();
                                         }));
  (void)stopped.wait_for(patience);
  (void)scope_.close(patience);
}

Task<void> Periodic::run(std::chrono::milliseconds pause) {
  while (!stopping_) {
    timer_.expires_after(pause);
    (void)co_await timer_.async_wait(use_task);
    // It may have expired right before it was cancelled.
    if (!stopping_) pause = co_await turn_();
  }
}

}  // namespace hongyan::async
