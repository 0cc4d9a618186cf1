#include "app/chat/follow/timeline.h"

#include <algorithm>
#include <utility>

namespace hongyan::chat {

void Timeline::take(v1::Message message, std::vector<v1::Message>& out) {
  const std::int64_t seq = message.seq();
  if (seq <= last_) return;
  note_head(seq);
  if (seq == last_ + 1 || held_.size() < kMaxHeld) held_.try_emplace(seq, std::move(message));
  release(out);
}

std::optional<Timeline::Hole> Timeline::hole() const {
  if (head_ == last_) return std::nullopt;
  // release() has left nothing that follows last_ directly.
  return Hole{last_, held_.empty() ? head_ : held_.begin()->first - 1};
}

bool Timeline::take_page(const Hole& hole, const v1::ListMessagesResponse& page, std::vector<v1::Message>& out) {
  for (const v1::Message& message : page.items()) {
    if (message.seq() <= last_) continue;
    out.push_back(message);
    last_ = message.seq();
  }
  const bool covers = std::max(last_, page.to_seq()) > hole.after;
  last_ = std::max(last_, covers ? page.to_seq() : hole.up_to);
  note_head(last_);
  release(out);
  return covers;
}

void Timeline::release(std::vector<v1::Message>& out) {
  held_.erase(held_.begin(), held_.upper_bound(last_));
  while (!held_.empty() && held_.begin()->first == last_ + 1) {
    out.push_back(std::move(held_.begin()->second));
    held_.erase(held_.begin());
    ++last_;
  }
}

}  // namespace hongyan::chat
