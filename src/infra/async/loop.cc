#include "infra/async/loop.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>
#include <utility>

namespace hongyan::async {
namespace {

// The gathering of this thread, if one lives.
thread_local Loop::Gathering* gathering = nullptr;

std::int64_t tick_of(Deadline deadline) { return deadline.time_since_epoch() / Loop::kTick; }

}  // namespace

boost::asio::execution_context::id Loop::id;

Loop::Loop(boost::asio::execution_context& context)
    : service(context), context_(static_cast<boost::asio::io_context&>(context)), timer_(context_) {}

Loop& Loop::of(const boost::asio::any_io_executor& executor) {
  return boost::asio::use_service<Loop>(
      static_cast<boost::asio::io_context&>(boost::asio::query(executor, boost::asio::execution::context)));
}

Loop::Gathering::Gathering() : outermost_(gathering == nullptr) {
  if (outermost_) gathering = this;
}

Loop::Gathering::~Gathering() {
  if (!outermost_) return;
  gathering = nullptr;
  for (auto& [loop, works] : parts_) loop->post_now(works);
}

void Loop::Gathering::add(Loop& loop, Work work) {
  // There are as many loops as io threads: a few.
  auto part = std::ranges::find(parts_, &loop, &std::pair<Loop*, std::vector<Work>>::first);
  if (part == parts_.end()) part = parts_.emplace(part, &loop, std::vector<Work>());
  part->second.push_back(std::move(work));
}

void Loop::post(Work work) {
  if (gathering != nullptr) return gathering->add(*this, std::move(work));
  post_now(std::span(&work, 1));
}

void Loop::post_now(std::span<Work> works) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    const bool first = posted_.empty();
    std::ranges::move(works, std::back_inserter(posted_));
    if (!first) return;
  }
  boost::asio::post(context_, [this] { run_posted(); });
}

void Loop::run_posted() {
  {
    const std::lock_guard lock(mutex_);
    running_.swap(posted_);
  }
  for (auto& work : running_) work();
  running_.clear();
}

// The context ends: what was posted goes unrun, and what waits is told.
void Loop::shutdown() {
  std::vector<Work> dropped;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(posted_);
  }
  for (Timeout*& head : slots_) {
    while (head != nullptr) {
      Timeout& timeout = *head;
      cancel(timeout);
      timeout.abandon();
    }
  }
}

void Loop::expire_at(Timeout& timeout, Deadline deadline) {
  cancel(timeout);
  if (timeouts_ == 0) now_tick_ = tick_of(std::chrono::steady_clock::now());
  timeout.deadline_ = deadline;
  // Never before its deadline, so in the tick behind it; what is late already comes next.
  const std::int64_t due = std::max(tick_of(deadline), now_tick_) + 1;
  put(timeout, slots_[static_cast<std::size_t>(due) % kSlots]);
  arm();
}

void Loop::put(Timeout& timeout, Timeout*& head) {
  timeout.next_ = head;
  timeout.link_ = &head;
  if (head != nullptr) head->link_ = &timeout.next_;
  head = &timeout;
  ++timeouts_;
}

void Loop::cancel(Timeout& timeout) {
  if (timeout.link_ == nullptr) return;
  *timeout.link_ = timeout.next_;
  if (timeout.next_ != nullptr) timeout.next_->link_ = timeout.link_;
  timeout.link_ = nullptr;
  --timeouts_;
}

void Loop::arm() {
  if (std::exchange(armed_, true)) return;
  timer_.expires_after(kTick);
  timer_.async_wait([this](const boost::system::error_code& error) {
    armed_ = false;
    if (!error) tick();
  });
}

void Loop::tick() {
  const auto now = std::chrono::steady_clock::now();
  const std::int64_t until = tick_of(now);
  // After a long sleep one turn of the wheel sees everything.
  std::int64_t at = std::max(now_tick_ + 1, until - static_cast<std::int64_t>(kSlots) + 1);
  now_tick_ = until;
  Timeout* due = nullptr;
  for (; at <= until; ++at) {
    for (Timeout* one = slots_[static_cast<std::size_t>(at) % kSlots]; one != nullptr;) {
      Timeout& timeout = *std::exchange(one, one->next_);
      if (timeout.deadline_ > now) continue;
      cancel(timeout);
      put(timeout, due);
    }
  }
  // What expires may cancel others that are due.
  while (due != nullptr) {
    Timeout& timeout = *due;
    cancel(timeout);
    timeout.expire();
  }
  if (timeouts_ > 0) arm();
}

}  // namespace hongyan::async
