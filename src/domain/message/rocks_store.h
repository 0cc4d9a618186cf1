// Messages and read marks in RocksDB, behind a log.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "domain/message/audit/rocks_inventory.h"
#include "domain/message/cursors/cursor_store.h"
#include "domain/message/feed/rocks_feed.h"
#include "domain/message/store.h"
#include "infra/kv/logged_database.h"

namespace hongyan::message {

struct RocksStoreOptions {
  // Folder of the database; created when missing, owned while open.
  std::filesystem::path folder;
  std::size_t block_cache_bytes = 64 << 20;
  // Of the log in front of it.
  std::size_t segment_bytes = 64 << 20;
  // The epoch a new store gets; an existing one keeps its own.
  std::string epoch_when_new;
};

// Column families: messages, keys, heads, cursors, own, meta, changes, bounds, mentions, pins, hidden, feed (see records.h). Owned
// by the message module; threads as the ports say.
class RocksStore final : public MessageStore, public CursorStore, public HiddenStore, public MentionStore {
 public:
  // Number of the layout of keys and values. 2: a log in front, which version 1 would not look into.
  static constexpr std::uint32_t kFormat = 2;
  static std::vector<kv::FamilySpec> families();

  // Errors: as kv::LoggedDatabase::open, with a text for the operator.
  static Result<std::unique_ptr<RocksStore>> open(const RocksStoreOptions& options, metrics::Metrics& metrics);

  Result<std::vector<std::optional<KeyEntry>>> find_keys(std::span<const MessageKey> keys) override;
  Result<std::vector<Head>> heads(std::span<const ConversationId> conversations) override;
  Result<ReadPage> read(const ReadRange& range) override;
  Result<std::vector<std::optional<StoredMessage>>> find(std::span<const Place> places) override;
  Result<std::vector<Tally>> tallies(std::span<const TallyAt> places) override;
  Result<std::vector<std::optional<Bound>>> bounds(std::span<const UserPlace> places) override;
  Result<std::vector<GroupBound>> bounds_of(UserId user) override;
  Result<std::vector<Change>> changes(const ChangesAfter& range) override;
  Result<std::vector<Pin>> pins(ConversationId conversation) override;
  Result<CommitNo> last_commit() override;
  Result<void> commit(const CommitBatch& batch) override;
  Result<void> reopen() override;
  std::string epoch() const override { return epoch_; }

  Result<std::vector<Cursor>> cursors(std::span<const UserPlace> places) override;
  Result<std::vector<CursorNo>> cursor_numbers(std::span<const UserId> users) override;
  Result<void> save_cursors(std::span<const PlacedCursor> cursors) override;

  Result<std::vector<bool>> hidden(std::span<const UserSeq> messages) override;
  Result<std::vector<Seq>> hidden_in(const UserPlace& place, const SeqRange& seqs) override;
  Result<void> hide(const UserSeq& message) override;
  Result<std::vector<Seq>> cleared(std::span<const UserPlace> places) override;
  Result<void> clear(const UserSeq& up_to) override;

  Result<std::vector<Seq>> mentions_in(const MentionRange& range) override;

  // Moves everything from the log into RocksDB; for tests.
  Result<void> settle() { return database_->settle(); }

  Feed& feed() { return feed_; }
  Inventory& inventory() { return inventory_; }

 private:
  explicit RocksStore(std::unique_ptr<kv::LoggedDatabase> database);
  Result<void> load_epoch(const std::string& when_new);
  Result<std::vector<Cursor>> cursors_at(const std::vector<std::string>& keys) const;
  Result<Tally> tally(const TallyAt& place) const;

  struct Scanned {
    ReadPage page;
    // Of the values.
    std::size_t bytes = 0;
  };
  Result<Scanned> scan_messages(const ReadRange& range) const;

  // A record near a seq.
  struct Nearest {
    Seq seq;
    std::string value;
    // It lies above, because there is none at or below.
    bool above = false;
  };
  Result<std::optional<Nearest>> nearest(kv::Family family, const std::function<std::string(Seq)>& key_at,
                                         Seq seq) const;

  std::unique_ptr<kv::LoggedDatabase> database_;
  RocksFeed feed_;
  RocksInventory inventory_;
  std::string epoch_;
};

}  // namespace hongyan::message
