#include "app/seed/in_flight.h"

#include <exception>

namespace hongyan::app {
namespace {

async::Task<void> note_end(async::Task<Result<void>> step, InFlight& flight) { flight.end(co_await std::move(step)); }

}  // namespace

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
    async::spawn(async::Loop::of(executor), note_end(work(i), flight), [&flight](const std::exception_ptr& escaped) {
      if (escaped) flight.end(fail(ErrorCode::internal, "an exception left a step"));
    });
  }
  return flight.finish();
}

}  // namespace hongyan::app
