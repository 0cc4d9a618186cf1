// Changes of a user's own things as clients see them.
#pragma once

#include <vector>

#include "domain/account/events.h"
#include "hongyan/v1/sync.pb.h"
#include "wire/topics.h"

namespace hongyan::sync {

// The event with its state read. A kind that is not known here has none.
v1::UserEvent to_proto(const account::VersionedEvent& stored);

// Pushes each event to all devices of its user. Owned by Module; the topics outlive it. Called on the thread that writes.
class UserEventPusher final : public account::UserEventListener {
 public:
  explicit UserEventPusher(wire::Topics& topics) : topics_(topics) {}

  void appended(const std::vector<account::VersionedEvent>& events) override;

 private:
  wire::Topics& topics_;
};

}  // namespace hongyan::sync
