#include "domain/account/access/throttle.h"

#include <algorithm>

namespace hongyan::account {
namespace {

using std::chrono::milliseconds;

// Beyond so many doublings every delay is at its maximum.
constexpr int kMaxDoublings = 20;
// Names nobody can have are cut, so that keys stay small.
constexpr std::size_t kMaxName = 64;

milliseconds delay_after(int failures, const Budget& budget) {
  if (failures < budget.free) return milliseconds(0);
  const int doublings = std::min(failures - budget.free, kMaxDoublings);
  return std::min(budget.max_delay, budget.first_delay * (std::int64_t{1} << doublings));
}

}  // namespace

milliseconds FailureLedger::wait(const std::string& key, TimeMs now) {
  Entry* entry = entries_.find(key);
  if (entry == nullptr) return milliseconds(0);
  const milliseconds since(now.value - entry->last.value);
  if (since >= forget_after_) {
    entries_.erase(key);
    return milliseconds(0);
  }
  return std::max(milliseconds(0), delay_after(entry->failures, budget_) - since);
}

void FailureLedger::charge(const std::string& key, TimeMs now) {
  Entry* entry = entries_.find(key);
  if (entry == nullptr) entry = &entries_.put(key, Entry{});
  ++entry->failures;
  entry->last = now;
}

void FailureLedger::refund(const std::string& key) {
  Entry* entry = entries_.find(key);
  if (entry != nullptr && --entry->failures <= 0) entries_.erase(key);
}

Result<LoginThrottle::Attempt> LoginThrottle::begin(const std::string& account, const std::string& ip,
                                                    std::optional<DeviceId> known_device) {
  Attempt attempt;
  attempt.account = account.substr(0, kMaxName);
  attempt.pair = attempt.account + ' ' + ip;
  if (known_device) attempt.device = attempt.account + ' ' + std::to_string(known_device->value);

  const TimeMs now = clock_.now();
  const std::lock_guard lock(mutex_);
  const milliseconds wait = attempt.device
                                ? devices_.wait(*attempt.device, now)
                                : std::max(pairs_.wait(attempt.pair, now), accounts_.wait(attempt.account, now));
  if (wait.count() > 0) return fail(Error::later(ErrorCode::rate_limited, wait.count(), "too many failed logins"));
  if (attempt.device) {
    devices_.charge(*attempt.device, now);
  } else {
    pairs_.charge(attempt.pair, now);
    accounts_.charge(attempt.account, now);
  }
  return attempt;
}

void LoginThrottle::succeeded(const Attempt& attempt) {
  const std::lock_guard lock(mutex_);
  if (attempt.device) return devices_.clear(*attempt.device);
  pairs_.clear(attempt.pair);
  // Others may still be guessing at this account: their failures stay.
  accounts_.refund(attempt.account);
}

void LoginThrottle::abandoned(const Attempt& attempt) {
  const std::lock_guard lock(mutex_);
  if (attempt.device) return devices_.refund(*attempt.device);
  pairs_.refund(attempt.pair);
  accounts_.refund(attempt.account);
}

}  // namespace hongyan::account
