// The feed in RocksDB.
#pragma once

#include <vector>

#include "domain/message/feed/feed.h"
#include "infra/kv/database.h"

namespace hongyan::message {

// Family `feed`: offset -> FeedRecord; in family `meta` under "feed" the first offset that is kept, and under "feed:NAME" what
// a reader has acknowledged. Owned by RocksStore, whose database it shares. append(), committed() and load() belong to the
// thread that commits.
class RocksFeed final : public Feed {
 public:
  explicit RocksFeed(kv::Database& database) : database_(database) {}

  // Reads from the disk where the feed ends. After opening, and after a commit of unknown outcome.
  Result<void> load();

  // Adds the entries of a commit to what it writes.
  void append(const CommitBatch& batch, kv::WriteBatch& writes) const;
  // That commit is durable.
  void committed(const CommitBatch& batch);

  Result<FeedPage> read(std::string_view name, std::size_t limit) override;
  Result<void> ack(std::string_view name, FeedOffset offset) override;
  Result<FeedSpan> span() override;
  Result<std::vector<FeedEntry>> entries(FeedOffset from, std::size_t limit) override;
  Result<std::int64_t> trim(const FeedLimits& limits, std::int64_t most) override;

 private:
  Result<FeedOffset> offset_at(std::string_view key) const;
  Result<FeedOffset> first() const;
  Result<FeedOffset> last() const;

  kv::Database& database_;
  FeedOffset next_{1};
};

}  // namespace hongyan::message
