// What each io thread has one of: a way in for other threads, and the deadlines of what is awaited there.
#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace hongyan::async {

// When waiting no longer makes sense. Monotonic.
using Deadline = std::chrono::steady_clock::time_point;

// Something that expires unless it is taken out of its loop's list before. On the loop's thread only.
class Timeout {
 public:
  Timeout() = default;
  virtual ~Timeout() = default;
  Timeout(const Timeout&) = delete;
  Timeout& operator=(const Timeout&) = delete;

  // Called once, at most one tick after the deadline; it is in no list any more.
  virtual void expire() = 0;
  // Called instead when the loop ends before.
  virtual void abandon() {}

 private:
  friend class Loop;
  Timeout* next_ = nullptr;
  // What points here: the list's head or the one before; null when it is in no list.
  Timeout** link_ = nullptr;
  Deadline deadline_{};
};

// A service of its io_context, made when it is first asked for. One thread runs the context.
class Loop final : public boost::asio::execution_context::service {
 public:
  using key_type = Loop;
  static boost::asio::execution_context::id id;

  // Timeouts fire up to this much late.
  static constexpr std::chrono::milliseconds kTick{100};

  explicit Loop(boost::asio::execution_context& context);

  // The loop of an executor of an io_context.
  static Loop& of(const boost::asio::any_io_executor& executor);

  boost::asio::io_context& context() { return context_; }
  boost::asio::any_io_executor executor() { return context_.get_executor(); }

  bool on_thread() const { return context_.get_executor().running_in_this_thread(); }

  using Work = std::move_only_function<void()>;

  // Holds back what its thread posts, to whatever loops, until it ends: then each loop is given all of it at once, in the
  // order in which it came. Who answers many would else wake a loop with the first answer and race it to the others. Lives on
  // the stack of one thread, not across co_await; the outermost counts. The loops must outlive it.
  class Gathering {
   public:
    Gathering();
    ~Gathering();
    Gathering(const Gathering&) = delete;
    Gathering& operator=(const Gathering&) = delete;

   private:
    friend class Loop;
    void add(Loop& loop, Work work);

    const bool outermost_;
    std::vector<std::pair<Loop*, std::vector<Work>>> parts_;
  };

  // Runs `work` on the loop's thread, in a later turn and in the order in which it came. What comes together costs one wake-up.
  // Thread-safe.
  void post(Work work);

  // Puts the timeout into the list, until it expires or cancel() takes it out. A repeat moves it.
  void expire_at(Timeout& timeout, Deadline deadline);
  void cancel(Timeout& timeout);

 private:
  // A wheel: what is due within a turn of it lies in the slot of its tick, what is due later is looked at once a turn.
  static constexpr std::size_t kSlots = 128;

  void shutdown() override;
  void post_now(std::span<Work> works);
  void run_posted();
  void put(Timeout& timeout, Timeout*& head);
  void arm();
  void tick();

  boost::asio::io_context& context_;

  std::mutex mutex_;
  std::vector<Work> posted_;
  bool closed_ = false;

  std::vector<Work> running_;
  std::array<Timeout*, kSlots> slots_{};
  // Everything due up to this tick has expired.
  std::int64_t now_tick_ = 0;
  std::size_t timeouts_ = 0;
  boost::asio::steady_timer timer_;
  bool armed_ = false;
};

}  // namespace hongyan::async
