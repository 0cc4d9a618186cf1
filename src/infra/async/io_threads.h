// The io executor: N threads with one io_context each. What lives on a thread stays there, so it needs no lock.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace hongyan::async {

// Owns the io threads. Built and destroyed on the main thread; context() and next() from any thread. Nothing that blocks
// may run on them.
class IoThreads {
 public:
  // Starts `count` (at least 1) threads named "io-0" and so on.
  explicit IoThreads(std::size_t count);
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  std::size_t size() const { return threads_.size(); }
  boost::asio::io_context& context(std::size_t index);
  // Round robin.
  boost::asio::io_context& next();

  // Lets running handlers finish, drops what is queued, joins. A repeat does nothing.
  void stop() noexcept;

 private:
  struct Thread;
  std::vector<std::unique_ptr<Thread>> threads_;
  std::atomic<std::size_t> next_{0};
};

// Gives the calling thread a name that `top -H` and debuggers show; at most 15 bytes are kept.
void name_this_thread(const char* name);

// Lets other threads go first: for work that nobody waits for.
void put_this_thread_last() noexcept;

}  // namespace hongyan::async
