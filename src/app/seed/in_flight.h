// Many things under way at a time, the first error of any of them, and the end of all.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>

#include "base/result.h"
#include "infra/async/task.h"

namespace hongyan::app {

// Counts what is under way and holds the caller back beyond a bound. begin() and finish() are called by one thread, end()
// once for each begin() from any.
class InFlight {
 public:
  explicit InFlight(std::size_t bound) : bound_(bound) {}

  // Waits until there is room. False once something has failed: begin no more.
  bool begin();
  void end(const Result<void>& result);
  // Waits for the end of all. The first error of any.
  Result<void> finish();

 private:
  const std::size_t bound_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t running_ = 0;
  std::optional<Error> failure_;
};

// Runs `work` for 0 to count - 1, `width` at a time, on the executor, and blocks until all have ended. After an error
// nothing new begins. `work` outlives its coroutines.
Result<void> run_all(const boost::asio::any_io_executor& executor, std::size_t count, std::size_t width,
                     const std::function<async::Task<Result<void>>(std::size_t)>& work);

}  // namespace hongyan::app
