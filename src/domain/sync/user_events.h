// Changes of a user's own things as clients see them.
#pragma once

#include <vector>

#include "domain/account/events.h"
#include "wire/topics.h"

namespace hongyan::sync {

// Pushes each event to all devices of its user. Owned by Module; the topics outlive it. Called on the thread that writes.
class UserEventPusher final : public account::UserEventListener {
 public:
  explicit UserEventPusher(wire::Topics& topics) : topics_(topics) {}

  void appended(const std::vector<account::VersionedEvent>& events) override;

 private:
  wire::Topics& topics_;
};

}  // namespace hongyan::sync
