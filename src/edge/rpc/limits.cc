#include "edge/rpc/limits.h"

namespace hongyan::edge {

void Limits::bind(config::Binder& binder) {
  binder.field("user_sends_per_second", user_sends,
               "Messages a user may send, on all devices together; 0 for no limit.");
  binder.field("user_sends_burst", user_sends_burst, "How many of them at once.");
  binder.field("user_requests_per_second", user_requests, "Requests of a user, sends included; 0 for no limit.");
  binder.field("user_requests_burst", user_requests_burst, "How many of them at once.");
  binder.field("device_requests_per_second", device_requests, "Requests of one device; 0 for no limit.");
  binder.field("device_requests_burst", device_requests_burst, "How many of them at once.");
  binder.field("key_requests_per_second", key_requests, "Requests with one API key; 0 for no limit.");
  binder.field("key_requests_burst", key_requests_burst, "How many of them at once.");
  binder.field("hook_posts_per_second", hook_posts, "Posts to one hook; 0 for no limit.");
  binder.field("hook_posts_burst", hook_posts_burst, "How many of them at once.");
  binder.field("ip_requests_per_second", ip_requests,
               "Requests of all users behind one address, or one /64 of IPv6; 0 for no limit.");
  binder.field("ip_requests_burst", ip_requests_burst, "How many of them at once.");
  binder.field("anonymous_requests_per_second", anonymous_requests,
               "Requests without a valid token from one address, logins included; 0 for no limit.");
  binder.field("anonymous_requests_burst", anonymous_requests_burst, "How many of them at once.");
  binder.field("ip_sockets_per_second", ip_sockets, "Sockets opened from one address; 0 for no limit.");
  binder.field("ip_sockets_burst", ip_sockets_burst, "How many of them at once.");
  binder.field("socket_frames_per_second", socket_frames,
               "Frames of any kind on one socket; beyond it the socket is closed. 0 for no limit.");
  binder.field("socket_frames_burst", socket_frames_burst, "How many of them at once.");
}

void Limits::validate(config::Rules& rules) const {
  const auto rate = [&rules](std::string_view key, std::int64_t per_second) {
    rules.between(key, per_second, 0, 1'000'000);
  };
  const auto burst = [&rules](std::string_view key, std::int64_t count) { rules.between(key, count, 1, 10'000'000); };
  rate("user_sends_per_second", user_sends);
  burst("user_sends_burst", user_sends_burst);
  rate("user_requests_per_second", user_requests);
  burst("user_requests_burst", user_requests_burst);
  rate("device_requests_per_second", device_requests);
  burst("device_requests_burst", device_requests_burst);
  rate("key_requests_per_second", key_requests);
  burst("key_requests_burst", key_requests_burst);
  rate("hook_posts_per_second", hook_posts);
  burst("hook_posts_burst", hook_posts_burst);
  rate("ip_requests_per_second", ip_requests);
  burst("ip_requests_burst", ip_requests_burst);
  rate("anonymous_requests_per_second", anonymous_requests);
  burst("anonymous_requests_burst", anonymous_requests_burst);
  rate("ip_sockets_per_second", ip_sockets);
  burst("ip_sockets_burst", ip_sockets_burst);
  rate("socket_frames_per_second", socket_frames);
  burst("socket_frames_burst", socket_frames_burst);
}

}  // namespace hongyan::edge
