// Who asks, and how long they wait. Travels with every request.
#pragma once

#include <string>

#include "base/ids.h"
#include "infra/async/task.h"

namespace hongyan::wire {

// Value type. user and device are none (0) for callers without a token.
struct Caller {
  UserId user;
  DeviceId device;
  // Of a server that acts as the user; it has no device. None (0) for everybody else.
  ApiKeyId key;
  // The socket the request came by; none (0) for REST.
  SessionId session;
  // Address of the client, without port.
  std::string ip;
  // Travels with every answer as x-request-id and stands in the log.
  std::string request_id;
  // The request ends by then, with `timeout` if need be.
  async::Deadline deadline;
};

}  // namespace hongyan::wire
