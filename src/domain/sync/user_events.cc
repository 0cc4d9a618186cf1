#include "domain/sync/user_events.h"

#include "hongyan/v1/frame.pb.h"

namespace hongyan::sync {

v1::UserEvent to_proto(const account::VersionedEvent& stored) {
  v1::UserEvent event;
  event.set_version(stored.version.value);
  event.set_kind(stored.event.kind);
  event.set_key(stored.event.key);
  v1::UserEventState& state = *event.mutable_state();
  // The kind is the name of the state's field.
  const auto* field = v1::UserEventState::descriptor()->FindFieldByName(stored.event.kind);
  if (field != nullptr) {
    (void)state.GetReflection()->MutableMessage(&state, field)->ParseFromString(stored.event.state);
  }
  return event;
}

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
