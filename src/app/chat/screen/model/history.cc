#include "app/chat/screen/model/history.h"

namespace hongyan::chat::screen {

void History::begin(const v1::ListMessagesResponse& newest) {
  clear();
  is_held_ = true;
  has_more_ = newest.has_more_before();
  from_ = newest.from_seq();
  to_ = newest.to_seq();
  change_ = newest.head().change();
  for (const v1::Message& message : newest.items()) messages_.emplace(message.seq(), message);
}

void History::prepend(const v1::ListMessagesResponse& older) {
  has_more_ = older.has_more_before();
  if (older.items().empty() && older.from_seq() >= from_) return;
  from_ = std::min(from_, older.from_seq());
  for (const v1::Message& message : older.items()) messages_.emplace(message.seq(), message);
}

bool History::append(const v1::Message& message) {
  if (message.seq() > to_ + 1) return false;
  if (message.seq() <= to_) {
    replace(message);
    return true;
  }
  to_ = message.seq();
  messages_.emplace(message.seq(), message);
  return true;
}

void History::replace(const v1::Message& message) {
  const auto held = messages_.find(message.seq());
  if (held == messages_.end() || held->second.change() >= message.change()) return;
  held->second = message;
}

}  // namespace hongyan::chat::screen
