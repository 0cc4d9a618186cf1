// Late binding of what the gateway implements: services are built before the sockets exist.
#pragma once

#include "base/assert.h"
#include "wire/sessions.h"
#include "wire/topics.h"

namespace hongyan::wire {

// Forwards to the gateway once it is bound; until then there are no sockets, so pushes and kicks go nowhere. bind() is
// called at start-up, before the first request; unbind() after the last. Owned by the wire module.
class Hub final : public Topics, public Sessions {
 public:
  void bind(Topics& topics, Sessions& sessions) {
    topics_ = &topics;
    sessions_ = &sessions;
  }

  void publish(std::vector<Publication> batch) override {
    if (topics_ != nullptr) topics_->publish(std::move(batch));
  }
  void kick(const KickTarget& target, v1::KickReason reason) override {
    if (sessions_ != nullptr) sessions_->kick(target, reason);
  }

 private:
  Topics* topics_ = nullptr;
  Sessions* sessions_ = nullptr;
};

}  // namespace hongyan::wire
