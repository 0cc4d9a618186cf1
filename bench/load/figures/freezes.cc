#include "bench/load/figures/freezes.h"

#include <pthread.h>
#include <sched.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace hongyan::bench::load {
namespace {

using sockets::Nanos;

constexpr Nanos kTick = sockets::kMillisecond;
// A wake-up that is less late than this is an ordinary one.
constexpr Nanos kOrdinary = kTick / 2;

// Pins the calling thread to a processor and puts it before everybody else there; false when that is not allowed.
bool take(unsigned processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  const sched_param highest{.sched_priority = ::sched_get_priority_max(SCHED_FIFO)};
  return ::pthread_setaffinity_np(::pthread_self(), sizeof(set), &set) == 0 &&
         ::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &highest) == 0;
}

}  // namespace

FreezeWatch::FreezeWatch() {
  for (unsigned number = 0; number < std::thread::hardware_concurrency(); ++number) {
    Processor& processor = *processors_.emplace_back(std::make_unique<Processor>());
    threads_.emplace_back([number, &processor](const std::stop_token& end) { watch(end, number, processor); });
  }
}

void FreezeWatch::watch(const std::stop_token& end, unsigned number, Processor& processor) {
  if (!take(number)) return;
  const int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  if (timer < 0) return;
  const timespec tick{.tv_sec = 0, .tv_nsec = kTick};
  const itimerspec every{.it_interval = tick, .it_value = tick};
  Nanos last = sockets::now();
  processor.watched = ::timerfd_settime(timer, 0, &every, nullptr) == 0;
  std::uint64_t ticks = 0;
  while (processor.watched && !end.stop_requested() && ::read(timer, &ticks, sizeof(ticks)) == sizeof(ticks)) {
    const Nanos late = sockets::now() - (last + kTick);
    last += static_cast<Nanos>(ticks) * kTick;
    if (late < kOrdinary) continue;
    processor.total += late;
    processor.longest = std::max(processor.longest.load(), late);
  }
  ::close(timer);
}

void FreezeWatch::begin() {
  for (const auto& processor : processors_) {
    processor->total = 0;
    processor->longest = 0;
  }
}

FreezeWatch::Seen FreezeWatch::seen() const {
  Seen seen;
  for (const auto& processor : processors_) {
    seen.known |= processor->watched;
    seen.total = std::max(seen.total, processor->total.load());
    seen.longest = std::max(seen.longest, processor->longest.load());
  }
  return seen;
}

}  // namespace hongyan::bench::load
