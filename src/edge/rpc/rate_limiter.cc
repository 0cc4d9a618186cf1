#include "edge/rpc/rate_limiter.h"

#include <algorithm>
#include <array>

#include "edge/rpc/fault.h"
#include "infra/net/network.h"

namespace hongyan::edge {
namespace {

// What counts as sending messages.
constexpr std::array<std::string_view, 2> kSends{"message.send", "message.forward"};

bool is_send(std::string_view rpc) { return std::ranges::find(kSends, rpc) != kSends.end(); }

}  // namespace

template <class Key>
RateLimiter::Limit<Key>::Limit(const Rate& rate, std::string_view what, metrics::Metrics& metrics)
    : table(rate),
      refused(metrics.counter("hongyan_rate_limited_total", "Requests refused, by the limit that was reached.",
                              {{"limit", std::string(what)}})),
      name(what) {}

template <class Key>
Result<void> RateLimiter::Limit<Key>::charge(const Key& key, Time now) {
  const TokenBucket::Wait wait = table.take(key, now);
  if (wait.count() == 0) return {};
  refused.Increment();
  return fail(rate_limited(wait, name));
}

RateLimiter::RateLimiter(const Limits& limits, metrics::Metrics& metrics)
    : devices_({limits.device_requests, limits.device_requests_burst}, "device_requests", metrics),
      keys_({limits.key_requests, limits.key_requests_burst}, "key_requests", metrics),
      hooks_({limits.hook_posts, limits.hook_posts_burst}, "hook_posts", metrics),
      users_({limits.user_requests, limits.user_requests_burst}, "user_requests", metrics),
      sends_({limits.user_sends, limits.user_sends_burst}, "user_sends", metrics),
      addresses_({limits.ip_requests, limits.ip_requests_burst}, "ip_requests", metrics),
      anonymous_({limits.anonymous_requests, limits.anonymous_requests_burst}, "anonymous_requests", metrics),
      sockets_({limits.ip_sockets, limits.ip_sockets_burst}) {}

Result<void> RateLimiter::charge(const wire::Caller& caller, std::string_view rpc, Time now) {
  if (!caller.user) return charge_anonymous(caller.ip, now);
  HY_TRY(caller.key ? keys_.charge(caller.key.value, now) : devices_.charge(caller.device.value, now));
  if (is_send(rpc)) HY_TRY(sends_.charge(caller.user.value, now));
  HY_TRY(users_.charge(caller.user.value, now));
  return addresses_.charge(net::client_network(caller.ip), now);
}

Result<void> RateLimiter::charge_anonymous(std::string_view ip, Time now) {
  return anonymous_.charge(net::client_network(ip), now);
}

Result<void> RateLimiter::charge_guess(const Error& refusal, std::string_view ip, Time now) {
  if (is_our_fault(refusal.code)) return {};
  return charge_anonymous(ip, now);
}

Result<void> RateLimiter::charge_hook(std::uint64_t hook, Time now) { return hooks_.charge(hook, now); }

Result<void> RateLimiter::may_open_socket(std::string_view ip, Time now) {
  const TokenBucket::Wait wait = sockets_.wait(net::client_network(ip), now);
  if (wait.count() > 0) return fail(rate_limited(wait, "ip_sockets"));
  return {};
}

void RateLimiter::opened_socket(std::string_view ip, Time now) { (void)sockets_.take(net::client_network(ip), now); }

Error rate_limited(TokenBucket::Wait wait, std::string_view limit) {
  const auto after = std::chrono::ceil<std::chrono::milliseconds>(wait);
  return Error::later(ErrorCode::rate_limited, after.count(), std::string(limit));
}

}  // namespace hongyan::edge
