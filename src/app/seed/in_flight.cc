#include "app/seed/in_flight.h"

#include <boost/asio/co_spawn.hpp>
#include <exception>

namespace hongyan::app {

bool InFlight::begin() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return running_ < bound_ || failure_; });
  if (failure_) return false;
  ++running_;
  return true;
}

void InFlight::end(const Result<void>& result) {
  const std::lock_guard lock(mutex_);
  if (!result && !failure_) failure_ = result.error();
  --running_;
  // Under the lock: whoever waits may destroy this as soon as it is released.
  changed_.notify_all();
}

Result<void> InFlight::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return running_ == 0; });
  if (failure_) return fail(*failure_);
  return {};
}

Result<void> run_all(const boost::asio::any_io_executor& executor, std::size_t count, std::size_t width,
                     const std::function<async::Task<Result<void>>(std::size_t)>& work) {
  InFlight flight(width);
  for (std::size_t i = 0; i < count && flight.begin(); ++i) {
    boost::asio::co_spawn(executor, work(i), [&flight](std::exception_ptr escaped, Result<void> result) {
      if (escaped) result = fail(ErrorCode::internal, "an exception left a step");
      flight.end(result);
    });
  }
  return flight.finish();
}

}  // namespace hongyan::app
