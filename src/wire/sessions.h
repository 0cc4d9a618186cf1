// The open sockets as the services see them: something that can be ended.
#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "hongyan/v1/frame.pb.h"

namespace hongyan::wire {

// Which sockets of a user to end.
struct KickTarget {
  UserId user;
  // Only this device; all devices when absent.
  std::optional<DeviceId> device = {};
  // All but this device (for "revoke others" and a changed password).
  std::optional<DeviceId> except = {};
};

// Thread-safe; implemented by the gateway.
class Sessions {
 public:
  virtual ~Sessions() = default;
  // Sends `kicked` and closes the sockets: 4403 for disabled, 4409 otherwise. Returns at once; a repeat is harmless.
  virtual void kick(const KickTarget& target, v1::KickReason reason) = 0;
};

}  // namespace hongyan::wire
