// Section [limits]: how much one client may ask for.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/token_bucket.h"
#include "infra/config/config.h"

namespace hongyan::edge {

// Each limit is a rate a second and what may come at once; a rate of 0 switches it off. Loopback is an address like others.
struct Limits {
  static constexpr std::string_view kSection = "limits";

  std::int64_t user_sends = 200;
  std::int64_t user_sends_burst = 400;
  std::int64_t user_requests = 500;
  std::int64_t user_requests_burst = 1000;
  std::int64_t device_requests = 400;
  std::int64_t device_requests_burst = 800;
  std::int64_t key_requests = 100;
  std::int64_t key_requests_burst = 200;
  std::int64_t hook_posts = 5;
  std::int64_t hook_posts_burst = 50;
  std::int64_t ip_requests = 5000;
  std::int64_t ip_requests_burst = 10'000;
  std::int64_t anonymous_requests = 100;
  std::int64_t anonymous_requests_burst = 200;
  std::int64_t ip_sockets = 100;
  std::int64_t ip_sockets_burst = 1000;
  std::int64_t socket_frames = 1000;
  std::int64_t socket_frames_burst = 2000;

  void bind(config::Binder& binder);
  void validate(config::Rules& rules) const;

  Rate frames() const { return {socket_frames, socket_frames_burst}; }
};

}  // namespace hongyan::edge
