#include "infra/async/blocking_pool.h"

#include <memory>

#include "infra/async/io_threads.h"

namespace hongyan::async {

BlockingPool::BlockingPool(std::string name, std::size_t threads, std::size_t queue_limit)
    : name_(std::move(name)), queue_limit_(queue_limit) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this, i] {
      name_this_thread((name_ + "-" + std::to_string(i)).c_str());
      work();
    });
  }
}

BlockingPool::~BlockingPool() { stop(); }

Task<Result<void>> BlockingPool::run_job(Deadline deadline, std::move_only_function<void()> job) {
  Result<void> result;
  co_await suspend([&](Suspended waiting) {
    // Shared, because who waits goes on also when the queue is full. It must not end here, on a thread that is not its own.
    const auto shared = std::make_shared<Suspended>(std::move(waiting));
    const bool queued = post([&result, &job, deadline, shared] {
      if (std::chrono::steady_clock::now() > deadline) {
        result = fail(ErrorCode::timeout, "waited too long for a thread");
      } else {
        job();
      }
      std::move(*shared).resume_later();
    });
    if (queued) return;
    result = fail(Error::later(ErrorCode::unavailable, 1000, name_ + " queue is full"));
    std::move(*shared).resume_later();
  });
  co_return result;
}

bool BlockingPool::post(std::move_only_function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= queue_limit_) return false;
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

std::size_t BlockingPool::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void BlockingPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto job = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    job();
    // Captures may own much: let them go before the lock is taken again.
    job = nullptr;
    lock.lock();
  }
}

void BlockingPool::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace hongyan::async
