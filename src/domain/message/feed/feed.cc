#include "domain/message/feed/feed.h"

#include <algorithm>

#include "base/assert.h"

namespace hongyan::message {
namespace {

constexpr std::size_t kMaxName = 64;

bool is_name_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_' || letter == '-';
}

}  // namespace

FeedKind feed_kind_of(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::recall: return FeedKind::recall;
    case ChangeKind::edit: return FeedKind::edit;
    case ChangeKind::reaction: return FeedKind::reaction;
    case ChangeKind::pin: return FeedKind::pin;
  }
  HY_CHECK(!"a change of no kind");
  return FeedKind::message;
}

std::string_view name_of(FeedKind kind) {
  switch (kind) {
    case FeedKind::message: return "message";
    case FeedKind::recall: return "recall";
    case FeedKind::edit: return "edit";
    case FeedKind::reaction: return "reaction";
    case FeedKind::pin: return "pin";
  }
  // Written by a newer version.
  return "unknown";
}

Result<void> check_feed_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxName || !std::ranges::all_of(name, is_name_letter)) {
    return fail(Error::invalid("name", "not 1 to 64 of [a-z0-9_-]"));
  }
  return {};
}

std::vector<FeedEntry> feed_entries_of(const CommitBatch& batch, FeedOffset first) {
  std::vector<FeedEntry> entries;
  entries.reserve(batch.messages.size() + batch.changes.size());
  const auto add = [&](ConversationId conversation, Seq seq, ChangeNo change, FeedKind kind, TimeMs time) {
    const FeedOffset offset(first.value + static_cast<std::int64_t>(entries.size()));
    entries.push_back({offset, conversation, seq, change, kind, time});
  };
  for (const NewMessage& fresh : batch.messages) {
    const StoredMessage& message = fresh.message;
    add(message.conversation, message.seq, ChangeNo(0), FeedKind::message, message.time);
  }
  for (const Change& change : batch.changes) {
    add(change.conversation, change.seq, change.number, feed_kind_of(change.kind), change.time);
  }
  return entries;
}

FeedOffset first_within(const FeedSpan& span, std::int64_t max_bytes) {
  const std::int64_t most = std::max<std::int64_t>(max_bytes / kFeedEntryBytes, 1);
  return FeedOffset(std::max(span.first.value, span.last.value - most + 1));
}

}  // namespace hongyan::message
