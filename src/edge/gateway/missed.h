// What a slow client has missed.
#pragma once

#include <cstddef>
#include <unordered_set>
#include <vector>

#include "base/ids.h"

namespace hongyan::gateway {

// The conversations of pushes that were left out, as long as they are few enough to be named. Owned by a Session; its thread.
class Missed {
 public:
  explicit Missed(std::size_t most) : most_(most) {}

  // A push of no conversation (0) leaves no hole in one.
  void add(ConversationId conversation) {
    if (!conversation || too_many_) return;
    conversations_.insert(conversation);
    if (conversations_.size() <= most_) return;
    too_many_ = true;
    conversations_.clear();
  }

  // More than may be named: all conversations have to be compared.
  bool too_many() const { return too_many_; }

  // The conversations, none when they are too many, in no order. Begins anew.
  std::vector<ConversationId> take() {
    const std::vector<ConversationId> taken(conversations_.begin(), conversations_.end());
    conversations_.clear();
    too_many_ = false;
    return taken;
  }

 private:
  const std::size_t most_;
  std::unordered_set<ConversationId> conversations_;
  bool too_many_ = false;
};

}  // namespace hongyan::gateway
