#include "domain/account/access/last_seen.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <iterator>
#include <utility>

#include "infra/async/use_task.h"
#include "infra/log/log.h"

namespace hongyan::account {
namespace {

constexpr std::int64_t kIntervalMs = 60'000;
constexpr std::chrono::seconds kWriteDeadline{5};
// Between two writes, so that devices which come one by one share the second.
constexpr std::chrono::milliseconds kPause{100};
// A write is one transaction, and others wait for it.
constexpr std::size_t kAtATime = 1000;

}  // namespace

void LastSeen::note(DeviceId device, std::string ip) {
  const TimeMs now = tokens_.now();
  {
    const std::lock_guard lock(mutex_);
    const TimeMs* last = written_.find(device);
    if (last != nullptr && now.value - last->value < kIntervalMs) return;
    written_.put(device, now);
    waiting_.push_back({device, now, std::move(ip)});
    if (std::exchange(writing_, true)) return;
  }
  // False once the process stops: then nobody misses the minute.
  (void)scope_.spawn(executor_, write_waiting());
}

void LastSeen::close() noexcept { (void)scope_.close(kWriteDeadline); }

async::Task<void> LastSeen::write_waiting() {
  boost::asio::steady_timer timer(executor_);
  for (auto seen = take_waiting(); !seen.empty(); seen = take_waiting()) {
    const std::size_t count = seen.size();
    const auto written = co_await devices_.touch(std::move(seen), async::deadline_in(kWriteDeadline));
    if (!written) log::debug("last_seen_not_written", {{"devices", count}, {"why", written.error().detail}});
    timer.expires_after(kPause);
    co_await timer.async_wait(async::use_task);
  }
}

std::vector<SeenDevice> LastSeen::take_waiting() {
  const std::lock_guard lock(mutex_);
  const std::size_t count = std::min(waiting_.size(), kAtATime);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<SeenDevice> taken(std::move_iterator(waiting_.begin()), std::move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  writing_ = !taken.empty();
  return taken;
}

}  // namespace hongyan::account
