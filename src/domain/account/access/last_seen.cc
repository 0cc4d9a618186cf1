#include "domain/account/access/last_seen.h"

#include "infra/log/log.h"

namespace hongyan::account {
namespace {

constexpr std::int64_t kIntervalMs = 60'000;
constexpr std::chrono::seconds kWriteDeadline{5};

}  // namespace

void LastSeen::note(DeviceId device, std::string ip) {
  const TimeMs now = tokens_.now();
  {
    const std::lock_guard lock(mutex_);
    const TimeMs* last = written_.find(device);
    if (last != nullptr && now.value - last->value < kIntervalMs) return;
    written_.put(device, now);
  }
  // False once the process stops: then nobody misses the minute.
  (void)scope_.spawn(executor_, write(device, now, std::move(ip)));
}

void LastSeen::close() noexcept { (void)scope_.close(kWriteDeadline); }

async::Task<void> LastSeen::write(DeviceId device, TimeMs now, std::string ip) {
  const auto written = co_await devices_.touch(device, now, std::move(ip), async::deadline_in(kWriteDeadline));
  if (!written) log::debug("last_seen_not_written", {{"device", device}, {"why", written.error().detail}});
}

}  // namespace hongyan::account
