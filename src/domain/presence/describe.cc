#include "domain/presence/describe.h"

namespace hongyan::presence {

v1::Presence to_proto(const Standing& standing) {
  v1::Presence out;
  out.set_user_id(standing.user.value);
  out.set_state(standing.online ? v1::PRESENCE_STATE_ONLINE : v1::PRESENCE_STATE_OFFLINE);
  if (standing.last_seen) out.set_last_seen_ms(standing.last_seen->value);
  return out;
}

}  // namespace hongyan::presence
