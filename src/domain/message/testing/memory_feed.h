// The feed in memory, for tests.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "domain/message/feed/feed.h"

namespace hongyan::message::testing {

// Thread-safe. Owned by MemoryStore.
class MemoryFeed final : public Feed {
 public:
  // The batch was committed.
  void append(const CommitBatch& batch) {
    const std::lock_guard lock(mutex_);
    for (const FeedEntry& entry : feed_entries_of(batch, FeedOffset(last() + 1))) entries_.push_back(entry);
  }

  Result<FeedPage> read(std::string_view name, std::size_t limit) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(check_feed_name(name));
    const std::int64_t wanted = acknowledged_[std::string(name)].value + 1;
    FeedPage page;
    if (wanted < first_) page.lost_before = FeedOffset(first_);
    for (const FeedEntry& entry : entries_) {
      if (entry.offset.value >= wanted && page.entries.size() < limit) page.entries.push_back(entry);
    }
    return page;
  }

  Result<void> ack(std::string_view name, FeedOffset offset) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(check_feed_name(name));
    if (offset.value > last()) return fail(Error::invalid("offset", "beyond the last entry"));
    FeedOffset& acknowledged = acknowledged_[std::string(name)];
    acknowledged = std::max(acknowledged, offset);
    return {};
  }

  Result<FeedSpan> span() override {
    const std::lock_guard lock(mutex_);
    return FeedSpan{FeedOffset(first_), FeedOffset(last())};
  }

  Result<std::vector<FeedEntry>> entries(FeedOffset from, std::size_t limit) override {
    const std::lock_guard lock(mutex_);
    std::vector<FeedEntry> found;
    for (const FeedEntry& entry : entries_) {
      if (entry.offset >= from && found.size() < limit) found.push_back(entry);
    }
    return found;
  }

  Result<std::int64_t> trim(const FeedLimits& limits, std::int64_t most) override {
    const std::lock_guard lock(mutex_);
    const FeedOffset fits = first_within({FeedOffset(first_), FeedOffset(last())}, limits.max_bytes);
    std::int64_t gone = 0;
    while (entries_.size() > 1 && gone < most &&
           (entries_.front().offset < fits || entries_.front().time < limits.oldest)) {
      entries_.pop_front();
      ++first_;
      ++gone;
    }
    return gone;
  }

  // Damages it: the entries as a test wants them.
  std::deque<FeedEntry>& raw() { return entries_; }

 private:
  std::int64_t last() const { return entries_.empty() ? first_ - 1 : entries_.back().offset.value; }

  std::mutex mutex_;
  std::deque<FeedEntry> entries_;
  std::int64_t first_ = 1;
  std::map<std::string, FeedOffset> acknowledged_;
};

}  // namespace hongyan::message::testing
