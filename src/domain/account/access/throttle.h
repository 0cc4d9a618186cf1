// Slows down guessing of passwords without ever locking anybody out.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/lru.h"
#include "base/result.h"

namespace hongyan::account {

// How one budget of failures is spent.
struct Budget {
  // So many failures cost nothing.
  int free = 5;
  // Then the next attempt waits this long after the last one, twice as long after each further failure ...
  std::chrono::milliseconds first_delay{1000};
  // ... up to this.
  std::chrono::milliseconds max_delay{60'000};
};

struct ThrottlePolicy {
  // Of one account from one address.
  Budget pair{5, std::chrono::milliseconds(1000), std::chrono::milliseconds(60'000)};
  // Of one account from anywhere. The delay stays short: it also meets the owner.
  Budget account{20, std::chrono::milliseconds(1000), std::chrono::milliseconds(30'000)};
  // Of one account from one of its own devices: strangers cannot use it up.
  Budget device{5, std::chrono::milliseconds(1000), std::chrono::milliseconds(60'000)};
  // Failures are forgotten after so long without another.
  std::chrono::milliseconds forget_after{15 * 60'000};
  // Entries kept of each kind.
  std::size_t capacity = 100'000;
};

// Failed attempts by key. Not thread-safe.
class FailureLedger {
 public:
  FailureLedger(Budget budget, const ThrottlePolicy& policy)
      : budget_(budget), forget_after_(policy.forget_after), entries_(policy.capacity) {}

  // How long until the next attempt may be made; zero for now.
  std::chrono::milliseconds wait(const std::string& key, TimeMs now);
  void charge(const std::string& key, TimeMs now);
  void refund(const std::string& key);
  void clear(const std::string& key) { entries_.erase(key); }

 private:
  struct Entry {
    int failures = 0;
    TimeMs last;
  };

  Budget budget_;
  std::chrono::milliseconds forget_after_;
  BoundedLru<std::string, Entry> entries_;
};

// Failures of logins per (account, address), per account, and per (account, known device). Every attempt counts as a
// failure until it is known not to be one, so attempts at the same time cannot slip through. In memory: a restart
// forgets. Thread-safe.
class LoginThrottle {
 public:
  LoginThrottle(const ThrottlePolicy& policy, const Clock& clock)
      : clock_(clock),
        pairs_(policy.pair, policy),
        accounts_(policy.account, policy),
        devices_(policy.device, policy) {}

  // One attempt that may be made. Pass it to succeeded() or abandoned(); left alone it stays a failure.
  struct Attempt {
    std::string account;
    std::string pair;
    // Set for a known device, which has this budget only.
    std::optional<std::string> device;
  };

  // `account` is the name as it was given, folded; existing or not makes no difference. Error: rate_limited with
  // retry_after_ms.
  Result<Attempt> begin(const std::string& account, const std::string& ip, std::optional<DeviceId> known_device);
  // The password was right.
  void succeeded(const Attempt& attempt);
  // Nobody compared the password.
  void abandoned(const Attempt& attempt);

 private:
  const Clock& clock_;
  std::mutex mutex_;
  FailureLedger pairs_;
  FailureLedger accounts_;
  FailureLedger devices_;
};

}  // namespace hongyan::account
