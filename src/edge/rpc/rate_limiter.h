// Refuses those who ask for more than their share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "edge/rpc/limits.h"
#include "edge/rpc/rate_table.h"
#include "infra/metrics/metrics.h"
#include "wire/caller.h"

namespace hongyan::edge {

// The buckets of section [limits]. Thread-safe. Owned by the rpc module; the metrics outlive it. Who is refused is told
// rate_limited with retry_after_ms.
class RateLimiter {
 public:
  using Time = TokenBucket::Clock::time_point;

  RateLimiter(const Limits& limits, metrics::Metrics& metrics);

  // Charges one request to those who make it: the device or the API key, the user, for sends once more as such, and the address;
  // without a user the address alone, as anonymous. The narrow limits come first, so that a flooder uses up its own before what it
  // shares with neighbours.
  Result<void> charge(const wire::Caller& caller, std::string_view rpc, Time now);
  // One request of somebody who has shown no valid token.
  Result<void> charge_anonymous(std::string_view ip, Time now);
  // The same once it is known why what they have shown was refused: a store that fails is nobody's guess.
  Result<void> charge_guess(const Error& refusal, std::string_view ip, Time now);
  // One post to this hook.
  Result<void> charge_hook(std::uint64_t hook, Time now);

  // Whether this address may open a socket now, and that it does.
  Result<void> may_open_socket(std::string_view ip, Time now);
  void opened_socket(std::string_view ip, Time now);

 private:
  // The buckets of one limit, and how often one was empty.
  template <class Key>
  struct Limit {
    RateTable<Key> table;
    metrics::Counter& refused;
    std::string_view name;

    Limit(const Rate& rate, std::string_view what, metrics::Metrics& metrics);
    Result<void> charge(const Key& key, Time now);
  };

  Limit<std::uint64_t> devices_;
  Limit<std::uint64_t> keys_;
  Limit<std::uint64_t> hooks_;
  Limit<std::uint64_t> users_;
  Limit<std::uint64_t> sends_;
  Limit<std::string> addresses_;
  Limit<std::string> anonymous_;
  RateTable<std::string> sockets_;
};

// The refusal of who has to wait so long.
Error rate_limited(TokenBucket::Wait wait, std::string_view limit);

}  // namespace hongyan::edge
