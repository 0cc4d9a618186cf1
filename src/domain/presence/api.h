// What the edges tell of sockets.
#pragma once

#include "domain/presence/types.h"

namespace hongyan::presence {

// Thread-safe, never waits; lives as long as the process's modules.
class Api {
 public:
  virtual ~Api() = default;

  // A socket has been authenticated and can be told things. Once for each socket.
  virtual void came(Attendee attendee) = 0;
  // It is gone. Once for each that came.
  virtual void went(Attendee attendee, Parting parting) = 0;
};

}  // namespace hongyan::presence
