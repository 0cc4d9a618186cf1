#include "domain/message/store.h"

namespace hongyan::message {

std::map<Place, std::optional<Mark>> pins_of(const CommitBatch& batch) {
  std::map<Place, std::optional<Mark>> pins;
  for (const Change& change : batch.changes) {
    if (change.kind == ChangeKind::pin || change.kind == ChangeKind::recall) {
      pins.emplace(Place{change.conversation, change.seq}, std::nullopt);
    }
  }
  if (pins.empty()) return pins;
  const auto take = [&pins](const StoredMessage& message) {
    const auto found = pins.find({message.conversation, message.seq});
    if (found != pins.end()) found->second = message.pinned;
  };
  for (const NewMessage& fresh : batch.messages) take(fresh.message);
  for (const StoredMessage& message : batch.changed) take(message);
  return pins;
}

}  // namespace hongyan::message
