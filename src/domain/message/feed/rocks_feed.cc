#include "domain/message/feed/rocks_feed.h"

#include <algorithm>
#include <limits>

#include "domain/message/families.h"
#include "domain/message/records.h"

namespace hongyan::message {
namespace {

constexpr std::string_view kFirstKey = "feed";
constexpr std::string_view kNamePrefix = "feed:";
constexpr FeedOffset kEnd{std::numeric_limits<std::int64_t>::max()};

std::string name_key(std::string_view name) { return std::string(kNamePrefix).append(name); }

}  // namespace

Result<void> RocksFeed::load() {
  HY_TRY(const FeedOffset newest, last());
  next_ = FeedOffset(newest.value + 1);
  return {};
}

void RocksFeed::append(const CommitBatch& batch, kv::WriteBatch& writes) const {
  for (const FeedEntry& entry : feed_entries_of(batch, next_)) {
    writes.put(family::kFeed, feed_key(entry.offset), encode(entry));
  }
}

void RocksFeed::committed(const CommitBatch& batch) {
  next_.value += static_cast<std::int64_t>(batch.messages.size() + batch.changes.size());
}

Result<FeedPage> RocksFeed::read(std::string_view name, std::size_t limit) {
  HY_TRY(check_feed_name(name));
  HY_TRY(const FeedOffset acknowledged, offset_at(name_key(name)));
  FeedPage page;
  const FeedOffset wanted(acknowledged.value + 1);
  HY_TRY(const FeedOffset kept, first());
  HY_TRY(page.entries, entries(std::max(wanted, kept), limit));
  // Asked for afterwards: what was trimmed meanwhile is lost too, and the first entry that is left says so.
  HY_TRY(const FeedOffset still_kept, first());
  std::erase_if(page.entries, [still_kept](const FeedEntry& entry) { return entry.offset < still_kept; });
  if (wanted < still_kept) page.lost_before = still_kept;
  return page;
}

Result<void> RocksFeed::ack(std::string_view name, FeedOffset offset) {
  HY_TRY(check_feed_name(name));
  HY_TRY(const FeedOffset newest, last());
  if (offset > newest) return fail(Error::invalid("offset", "beyond the last entry"));
  HY_TRY(const FeedOffset before, offset_at(name_key(name)));
  if (offset <= before) return {};
  kv::WriteBatch writes;
  writes.put(family::kMeta, name_key(name), encode(offset));
  return database_.commit(std::move(writes));
}

Result<FeedSpan> RocksFeed::span() {
  HY_TRY(const FeedOffset kept, first());
  HY_TRY(const FeedOffset newest, last());
  return FeedSpan{kept, newest};
}

Result<std::int64_t> RocksFeed::trim(const FeedLimits& limits, std::int64_t most) {
  HY_TRY(const FeedSpan now, span());
  // The newest stays.
  const FeedOffset end = std::min(now.last, FeedOffset(now.first.value + most));
  FeedOffset kept = std::min(first_within(now, limits.max_bytes), end);
  HY_TRY(const auto aged, entries(kept, static_cast<std::size_t>(std::max<std::int64_t>(end.value - kept.value, 0))));
  for (const FeedEntry& entry : aged) {
    if (entry.time >= limits.oldest) break;
    kept = FeedOffset(entry.offset.value + 1);
  }
  if (kept <= now.first) return 0;
  kv::WriteBatch writes;
  writes.put(family::kMeta, kFirstKey, encode(kept));
  writes.erase_below(family::kFeed, feed_key(kept));
  HY_TRY(database_.commit(std::move(writes)));
  return kept.value - now.first.value;
}

// 0 where nothing is stored.
Result<FeedOffset> RocksFeed::offset_at(std::string_view key) const {
  HY_TRY(const auto value, database_.get(family::kMeta, key));
  if (!value) return FeedOffset(0);
  return decode_feed_offset(*value);
}

Result<FeedOffset> RocksFeed::first() const {
  HY_TRY(const FeedOffset stored, offset_at(kFirstKey));
  return std::max(stored, FeedOffset(1));
}

Result<FeedOffset> RocksFeed::last() const {
  FeedOffset newest;
  HY_TRY(database_.scan(family::kFeed, {feed_key(FeedOffset(0)), feed_key(kEnd), true},
                        [&newest](std::string_view key, std::string_view) {
                          newest = FeedOffset(seq_of_key(key).value);
                          return false;
                        }));
  return newest;
}

Result<std::vector<FeedEntry>> RocksFeed::entries(FeedOffset from, std::size_t limit) {
  std::vector<FeedEntry> found;
  if (limit == 0) return found;
  Result<void> decoded;
  HY_TRY(database_.scan(family::kFeed, {feed_key(from), feed_key(kEnd)},
                        [&](std::string_view key, std::string_view value) {
                          auto entry = decode_feed(FeedOffset(seq_of_key(key).value), value);
                          if (!entry) {
                            decoded = std::unexpected(std::move(entry).error());
                            return false;
                          }
                          found.push_back(*std::move(entry));
                          return found.size() < limit;
                        }));
  HY_TRY(std::move(decoded));
  return found;
}

}  // namespace hongyan::message
