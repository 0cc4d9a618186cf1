#include "domain/message/audit/feed_audit.h"

#include <fmt/format.h>

namespace hongyan::message {
namespace {

constexpr std::size_t kEntriesAtOnce = 1000;

// Whether `next` follows what was told. Of a feed whose beginning was trimmed the first one may be any.
bool follows(std::int64_t told, std::int64_t next, bool trimmed) { return next == told + 1 || (trimmed && told == 0); }

bool ends_at(std::int64_t told, std::int64_t head, bool trimmed) { return told == head || (trimmed && told == 0); }

}  // namespace

Result<FeedAuditCounts> FeedAudit::run() {
  HY_TRY(span_, feed_.span());
  FeedOffset next = span_.first;
  while (next <= span_.last) {
    HY_TRY(const auto entries, feed_.entries(next, kEntriesAtOnce));
    if (entries.empty() || entries.front().offset != next) {
      problem(fmt::format("feed: a hole at {}", next.value));
      if (entries.empty()) break;
    }
    for (std::size_t i = 1; i < entries.size(); ++i) {
      if (entries[i].offset.value != entries[i - 1].offset.value + 1) {
        problem(fmt::format("feed: a hole below {}", entries[i].offset.value));
      }
    }
    HY_TRY(check(entries));
    next = FeedOffset(entries.back().offset.value + 1);
  }
  HY_TRY(check_heads());
  return counts_;
}

Result<void> FeedAudit::check(const std::vector<FeedEntry>& entries) {
  std::vector<Place> places;
  for (const FeedEntry& entry : entries) places.push_back({entry.conversation, entry.seq});
  HY_TRY(const auto messages, store_.find(places));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    ++counts_.entries;
    if (entries[i].kind == FeedKind::message) {
      check_message(entries[i], messages[i]);
    } else {
      HY_TRY(check_change(entries[i]));
    }
  }
  return {};
}

void FeedAudit::check_message(const FeedEntry& entry, const std::optional<StoredMessage>& message) {
  Told& told = told_[entry.conversation];
  if (!follows(told.seq.value, entry.seq.value, span_.first > FeedOffset(1))) {
    problem(fmt::format("feed {}: message {} of conversation {} does not follow {}", entry.offset.value,
                        entry.seq.value, entry.conversation.value, told.seq.value));
  }
  told.seq = entry.seq;
  if (!message || message->time != entry.time) {
    problem(fmt::format("feed {}: not a message that is stored", entry.offset.value));
  }
}

Result<void> FeedAudit::check_change(const FeedEntry& entry) {
  Told& told = told_[entry.conversation];
  if (!follows(told.change.value, entry.change.value, span_.first > FeedOffset(1))) {
    problem(fmt::format("feed {}: change {} of conversation {} does not follow {}", entry.offset.value,
                        entry.change.value, entry.conversation.value, told.change.value));
  }
  told.change = entry.change;
  HY_TRY(const auto stored,
         store_.changes({.conversation = entry.conversation, .after = ChangeNo(entry.change.value - 1), .limit = 1}));
  const bool same = !stored.empty() && stored.front().number == entry.change && stored.front().seq == entry.seq &&
                    feed_kind_of(stored.front().kind) == entry.kind && stored.front().time == entry.time;
  if (!same) problem(fmt::format("feed {}: not a change that is stored", entry.offset.value));
  return {};
}

Result<void> FeedAudit::check_heads() {
  const bool trimmed = span_.first > FeedOffset(1);
  ConversationId after;
  while (true) {
    HY_TRY(const auto page, inventory_.conversations(after, kEntriesAtOnce));
    HY_TRY(const auto heads, store_.heads(page));
    for (std::size_t i = 0; i < page.size(); ++i) {
      const auto found = told_.extract(page[i]);
      const Told told = found.empty() ? Told{} : found.mapped();
      if (!ends_at(told.seq.value, heads[i].seq.value, trimmed) ||
          !ends_at(told.change.value, heads[i].change.value, trimmed)) {
        problem(fmt::format("feed: it ends at message {}, change {} of conversation {}, the history at {}, {}",
                            told.seq.value, told.change.value, page[i].value, heads[i].seq.value,
                            heads[i].change.value));
      }
    }
    if (page.size() < kEntriesAtOnce) break;
    after = page.back();
  }
  for (const auto& [conversation, told] : told_) {
    problem(fmt::format("feed: conversation {} has no history", conversation.value));
  }
  return {};
}

void FeedAudit::problem(const std::string& what) {
  ++counts_.problems;
  report_(what);
}

}  // namespace hongyan::message
