#include "domain/sync/user_events.h"

#include "hongyan/v1/frame.pb.h"
#include "hongyan/v1/sync.pb.h"

namespace hongyan::sync {

void UserEventPusher::appended(const std::vector<account::VersionedEvent>& events) {
  std::vector<wire::Publication> pushes;
  for (const account::VersionedEvent& one : events) {
    v1::UserEvent event = to_proto(one);
    v1::UserEventPush push;
    push.set_version(event.version());
    push.set_kind(std::move(*event.mutable_kind()));
    push.set_key(std::move(*event.mutable_key()));
    *push.mutable_state() = std::move(*event.mutable_state());
    pushes.push_back({wire::Topic::user(one.event.user), wire::make_push("user_event", std::move(push))});
  }
  topics_.publish(std::move(pushes));
}

}  // namespace hongyan::sync
