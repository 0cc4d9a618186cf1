// The feed: what was committed, in the order of the commits, for whoever follows the whole store: search, offline push,
// webhooks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/message/store.h"
#include "domain/message/types.h"

namespace hongyan::message {

// Place in the feed: dense, from 1; 0 means before the first.
using FeedOffset = Strong<struct FeedOffsetTag, std::int64_t>;

// What an entry points at. The numbers are stored.
enum class FeedKind : std::uint8_t { message = 1, recall = 2, edit = 3, reaction = 4, pin = 5 };

FeedKind feed_kind_of(ChangeKind kind);
// "message", "recall" and so on.
std::string_view name_of(FeedKind kind);

// A pointer to a new or changed message. What the message says stands in the store, in the state it has by now.
struct FeedEntry {
  FeedOffset offset;
  ConversationId conversation;
  Seq seq;
  // 0 for a new message.
  ChangeNo change;
  FeedKind kind = FeedKind::message;
  TimeMs time;
  bool operator==(const FeedEntry&) const = default;
};

struct FeedPage {
  // From the one after what the reader has acknowledged, without a hole.
  std::vector<FeedEntry> entries;
  // Set when entries that the reader had not acknowledged were trimmed away: everything below this offset. It has to be
  // made good from the store before the entries are taken.
  std::optional<FeedOffset> lost_before;
};

// What there is: offsets first..last, none when last < first.
struct FeedSpan {
  FeedOffset first{1};
  FeedOffset last;
  auto operator<=>(const FeedSpan&) const = default;
};

// What is kept of the feed, whatever its readers have acknowledged. The newest entry always stays: its offset is what the
// next one follows.
struct FeedLimits {
  // Entries older than this go.
  TimeMs oldest;
  std::int64_t max_bytes = 0;
};

// What an entry takes at most, key and value: by it the size of the feed is reckoned.
inline constexpr std::int64_t kFeedEntryBytes = 64;

// Durable. Entries come with the commit of what they point at, so no commit is without and no entry is of nothing. A reader
// has a name, 1 to 64 of [a-z0-9_-], and is given everything at least once: again and again until it acknowledges. A new
// name begins with the first entry. One reader a name at a time. Thread-safe; errors as in MessageStore.
class Feed {
 public:
  virtual ~Feed() = default;

  // At most `limit` entries. A repeat gives the same and later ones. Errors also: invalid_argument naming `name`.
  virtual Result<FeedPage> read(std::string_view name, std::size_t limit) = 0;

  // The reader is done with everything up to the offset; durable when it returns. A repeat, or a lower offset, changes
  // nothing. Errors also: invalid_argument naming `name` or, beyond the last entry, `offset`.
  virtual Result<void> ack(std::string_view name, FeedOffset offset) = 0;

  virtual Result<FeedSpan> span() = 0;

  // Entries from the offset on, at most `limit`, without a reader's name.
  virtual Result<std::vector<FeedEntry>> entries(FeedOffset from, std::size_t limit) = 0;

  // Removes from the beginning what is beyond the limits, at most `most` entries; answers how many. Called by one thread
  // at a time.
  virtual Result<std::int64_t> trim(const FeedLimits& limits, std::int64_t most) = 0;
};

// Errors: invalid_argument naming `name`.
Result<void> check_feed_name(std::string_view name);

// The entries of a commit, numbered from `first` on: of each conversation its messages and then its changes, as in the batch.
std::vector<FeedEntry> feed_entries_of(const CommitBatch& batch, FeedOffset first);

// The first entry to be kept of `span` for its size alone.
FeedOffset first_within(const FeedSpan& span, std::int64_t max_bytes);

}  // namespace hongyan::message
