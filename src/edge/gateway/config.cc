#include "edge/gateway/lane.h"

namespace hongyan::gateway {

void Config::bind(config::Binder& binder) {
  binder.field("heartbeat_ms", heartbeat,
               "A silent socket is probed after this, and ended after two probes without answer.");
  binder.field("auth_timeout_ms", auth_timeout, "How long a new socket may take to authenticate.");
  binder.field("max_frame_bytes", max_frame_bytes, "Largest message a client may send over a socket.");
  binder.field("max_outstanding", max_outstanding,
               "Requests of a socket that may be under way; beyond it the socket is not read.");
  binder.field(
      "max_unauthenticated", max_unauthenticated,
      "Sockets that have not authenticated yet; one more is answered 503. After a restart all clients come at once.");
  binder.field("sockets_per_device", sockets_per_device, "Sockets a device may have; the oldest makes room.");
  binder.field("sockets_per_user", sockets_per_user, "Sockets a user may have; the oldest makes room.");
  binder.field("max_output_bytes", max_output_bytes,
               "Bytes a slow client may leave unread before pushes are left out.");
  binder.field("max_output_frames", max_output_frames,
               "Frames a slow client may leave unread before pushes are left out.");
  binder.field("reconnect_spread_ms", reconnect_spread,
               "Clients of a server that stops come back spread over this time.");
}

void Config::validate(config::Rules& rules) const {
  rules.between("heartbeat_ms", heartbeat.count(), 100, 600'000);
  rules.between("auth_timeout_ms", auth_timeout.count(), 100, 60'000);
  rules.between("max_frame_bytes", max_frame_bytes, 1024, 16 * 1024 * 1024);
  rules.between("max_outstanding", max_outstanding, 1, 10'000);
  rules.between("max_unauthenticated", max_unauthenticated, 1, 1'000'000);
  rules.between("sockets_per_device", sockets_per_device, 1, 1000);
  rules.between("sockets_per_user", sockets_per_user, 1, 10'000);
  rules.between("max_output_bytes", max_output_bytes, 16 * 1024, 64 * 1024 * 1024);
  rules.between("max_output_frames", max_output_frames, 16, 1'000'000);
  rules.between("reconnect_spread_ms", reconnect_spread.count(), 0, 600'000);
}

ws::SocketLimits Config::socket_limits(const Rate& frames) const {
  ws::SocketLimits limits;
  limits.parser.max_message_bytes = static_cast<std::size_t>(max_frame_bytes);
  limits.max_output_bytes = static_cast<std::size_t>(max_output_bytes);
  limits.max_output_frames = static_cast<std::size_t>(max_output_frames);
  limits.heartbeat = heartbeat;
  limits.frames = frames;
  return limits;
}

}  // namespace hongyan::gateway
