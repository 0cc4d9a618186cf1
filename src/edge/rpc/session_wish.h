// Which requests begin a session, and how they want it kept.
#pragma once

#include <google/protobuf/message.h>

#include <optional>

#include "hongyan/v1/auth.pb.h"

namespace hongyan::edge {

struct SessionWish {
  v1::SessionKind kind = v1::SESSION_KIND_UNSPECIFIED;
  bool remember = false;
};

// Nothing for a request that begins none.
std::optional<SessionWish> session_wish(const google::protobuf::Message& request);

}  // namespace hongyan::edge
