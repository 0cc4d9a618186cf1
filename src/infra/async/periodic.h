// Work that is done now and then.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>

#include "infra/async/scope.h"
#include "infra/async/task.h"

namespace hongyan::async {

// Runs one turn after the other with a pause between two of them. All state belongs to `executor`, which runs one handler
// at a time. Thread-safe. Owned by whoever owns what the turns touch.
class Periodic {
 public:
  // Resolves with the pause until the next turn.
  using Turn = std::function<Task<std::chrono::milliseconds>()>;

  Periodic(boost::asio::any_io_executor executor, Turn turn);

  // The first turn begins after this. Once.
  void start(std::chrono::milliseconds pause);

  // Begins no further turn and waits for the one under way, at most `patience`. Whatever was posted to the executor before has run
  // then. Blocks: never call it on the executor. A repeat does nothing.
  void stop(std::chrono::milliseconds patience) noexcept;

 private:
  Task<void> run(std::chrono::milliseconds pause);

  const boost::asio::any_io_executor executor_;
  const Turn turn_;
  boost::asio::steady_timer timer_;
  bool stopping_ = false;
  Scope scope_;
};

}  // namespace hongyan::async
