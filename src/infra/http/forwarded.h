// Who asks when a proxy stands in between: X-Forwarded-For and X-Forwarded-Proto.
#pragma once

#include <string>

#include "infra/http/message.h"
#include "infra/net/network.h"

namespace hongyan::http {

// What a request says of the connection its first hop came by.
struct Origin {
  std::string client_ip;
  bool secure = false;
};

// Reads the headers of a request whose peer, `direct`, is one of the `trusted` proxies. Each proxy appends the address it
// was reached from, so the client is the rightmost address that is not trusted; what stands left of it anybody may have
// written. Of X-Forwarded-Proto the last value counts, the one our own proxy set. What cannot be read changes nothing.
Origin forwarded_origin(const Headers& headers, const net::Networks& trusted, Origin direct);

}  // namespace hongyan::http
