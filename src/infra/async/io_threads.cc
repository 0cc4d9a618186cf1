#include "infra/async/io_threads.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>

#include "base/assert.h"

namespace hongyan::async {

struct IoThreads::Thread {
  // One thread runs each context, so Asio may leave its locks out of the reactor's hot path.
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work = boost::asio::make_work_guard(context);
  std::thread thread;
};

IoThreads::IoThreads(std::size_t count) {
  HY_CHECK(count > 0);
  for (std::size_t i = 0; i < count; ++i) {
    auto owned = std::make_unique<Thread>();
    Thread* thread = owned.get();
    thread->thread = std::thread([thread, i] {
      name_this_thread(("io-" + std::to_string(i)).c_str());
      thread->context.run();
    });
    threads_.push_back(std::move(owned));
  }
}

IoThreads::~IoThreads() { stop(); }

boost::asio::io_context& IoThreads::context(std::size_t index) { return threads_[index]->context; }

boost::asio::io_context& IoThreads::next() {
  return threads_[next_.fetch_add(1, std::memory_order_relaxed) % threads_.size()]->context;
}

void IoThreads::stop() noexcept {
  for (auto& thread : threads_) thread->context.stop();
  for (auto& thread : threads_) {
    if (thread->thread.joinable()) thread->thread.join();
  }
}

void put_this_thread_last() noexcept {
  // About a third of what the others get, where they leave nothing: it must not fall behind for ever.
  constexpr int kNice = 5;
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
}

void name_this_thread(const char* name) { pthread_setname_np(pthread_self(), std::string(name).substr(0, 15).c_str()); }

}  // namespace hongyan::async
