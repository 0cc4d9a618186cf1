#include "infra/async/periodic.h"

#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <utility>

namespace hongyan::async {

Periodic::Periodic(boost::asio::any_io_executor executor, Turn turn)
    : executor_(std::move(executor)), turn_(std::move(turn)), timer_(executor_) {}

void Periodic::start(std::chrono::milliseconds pause) {
  boost::asio::post(executor_, [this, pause] { schedule(pause); });
}

void Periodic::stop(std::chrono::milliseconds patience) noexcept {
  // Nothing that was posted may come when this is gone, so that is waited for too.
  const auto stopped = boost::asio::post(executor_, boost::asio::use_future([this] {
                                           stopping_ = true;
                                           timer_.cancel();
                                         }));
  (void)stopped.wait_for(patience);
  (void)scope_.close(patience);
}

void Periodic::schedule(std::chrono::milliseconds pause) {
  if (stopping_) return;
  timer_.expires_after(pause);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    // It may have expired right before it was cancelled.
    if (!cancelled && !stopping_) (void)scope_.spawn(executor_, run());
  });
}

Task<void> Periodic::run() { schedule(co_await turn_()); }

}  // namespace hongyan::async
