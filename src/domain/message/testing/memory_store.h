// The storage ports in memory, with a switch for failures, for tests.
#pragma once

#include <condition_variable>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>

#include "domain/message/audit/inventory.h"
#include "domain/message/cursors/cursor_store.h"
#include "domain/message/store.h"
#include "domain/message/testing/memory_feed.h"

namespace hongyan::message::testing {

// What the next commit does.
enum class Fault {
  none,
  // Fails, and nothing was written.
  before_write,
  // Fails, although everything was written.
  after_write,
};

// Keeps everything in maps. Thread-safe. After an injected fault every call is refused until reopen(), as in RocksStore.
class MemoryStore final : public MessageStore,
                          public CursorStore,
                          public HiddenStore,
                          public MentionStore,
                          public Inventory {
 public:
  // Plans what coming commits do, one entry each; beyond the plan they succeed.
  void plan(std::vector<Fault> faults) {
    const std::lock_guard lock(mutex_);
    faults_.assign(faults.begin(), faults.end());
  }
  // The next `count` calls of reopen() fail with `code`.
  void fail_reopen(int count, ErrorCode code) {
    const std::lock_guard lock(mutex_);
    failing_reopens_ = count;
    reopen_code_ = code;
  }
  // From now on commits wait inside, before anything is written, until release().
  void hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void release() {
    {
      const std::lock_guard lock(mutex_);
      held_ = false;
    }
    changed_.notify_all();
  }
  // Waits until a commit waits inside.
  void await_held_commit() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }
  MemoryFeed& feed() { return feed_; }
  Inventory& inventory() { return *this; }
  int commits() const {
    const std::lock_guard lock(mutex_);
    return commits_;
  }
  int reopens() const {
    const std::lock_guard lock(mutex_);
    return reopens_;
  }
  int cursor_writes() const {
    const std::lock_guard lock(mutex_);
    return cursor_writes_;
  }

  Result<std::vector<std::optional<KeyEntry>>> find_keys(std::span<const MessageKey> keys) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<std::optional<KeyEntry>> entries;
    for (const MessageKey& key : keys) {
      const auto found = keys_.find(key);
      entries.push_back(found == keys_.end() ? std::nullopt : std::optional(found->second));
    }
    return entries;
  }

  Result<std::vector<Head>> heads(std::span<const ConversationId> conversations) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<Head> heads;
    for (const ConversationId conversation : conversations) {
      const auto found = heads_.find(conversation);
      heads.push_back(found == heads_.end() ? Head{} : found->second);
    }
    return heads;
  }

  Result<ReadPage> read(const ReadRange& range) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    ReadPage page;
    std::vector<const StoredMessage*> wanted;
    for (auto it = messages_.lower_bound({range.conversation, range.seqs.from});
         it != messages_.end() && it->first <= Place{range.conversation, range.seqs.to}; ++it) {
      wanted.push_back(&it->second);
    }
    if (range.direction == ReadRange::Direction::descending) std::reverse(wanted.begin(), wanted.end());
    std::size_t bytes = 0;
    for (const StoredMessage* message : wanted) {
      page.messages.push_back(*message);
      bytes += message->content.ByteSizeLong() + kOverhead;
      page.complete = bytes <= range.max_bytes || message == wanted.back();
      if (!page.complete) break;
    }
    return page;
  }

  Result<std::vector<std::optional<StoredMessage>>> find(std::span<const Place> places) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<std::optional<StoredMessage>> messages;
    for (const Place& place : places) {
      const auto found = messages_.find(place);
      messages.push_back(found == messages_.end() ? std::nullopt : std::optional(found->second));
    }
    return messages;
  }

  Result<std::vector<Tally>> tallies(std::span<const TallyAt> places) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<Tally> tallies;
    for (const TallyAt& place : places) {
      Tally tally;
      for (auto it = messages_.lower_bound({place.conversation, Seq(1)});
           it != messages_.end() && it->first <= Place{place.conversation, place.seq}; ++it) {
        if (it->second.counts()) ++tally.all.value;
        if (it->second.sender == place.user) ++tally.own.value;
      }
      tallies.push_back(tally);
    }
    return tallies;
  }

  Result<std::vector<std::optional<Bound>>> bounds(std::span<const UserPlace> places) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<std::optional<Bound>> bounds;
    for (const UserPlace& place : places) {
      const auto found = bounds_.find(place);
      bounds.push_back(found == bounds_.end() ? std::nullopt : std::optional(found->second));
    }
    return bounds;
  }

  Result<std::vector<GroupBound>> bounds_of(UserId user) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<GroupBound> bounds;
    for (const auto& [place, bound] : bounds_) {
      if (place.user == user) bounds.push_back({place.conversation, bound});
    }
    return bounds;
  }

  Result<std::vector<Change>> changes(const ChangesAfter& range) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<Change> changes;
    const auto& all = changes_[range.conversation];
    for (auto it = all.upper_bound(range.after); it != all.end() && changes.size() < range.limit; ++it) {
      changes.push_back(it->second);
    }
    return changes;
  }

  Result<std::vector<Pin>> pins(ConversationId conversation) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<Pin> pins;
    for (const auto& [place, mark] : pins_) {
      if (place.conversation == conversation) pins.push_back({place.seq, mark});
    }
    return pins;
  }

  Result<std::vector<ConversationId>> conversations(ConversationId after, std::size_t limit) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<ConversationId> found;
    for (auto it = heads_.upper_bound(after); it != heads_.end() && found.size() < limit; ++it) {
      found.push_back(it->first);
    }
    return found;
  }

  Result<InventoryPage<KeyItem>> keys(std::string_view) override {
    const std::lock_guard lock(mutex_);
    InventoryPage<KeyItem> page;
    for (const auto& [key, entry] : keys_) page.items.push_back({key, entry});
    return page;
  }
  Result<InventoryPage<OwnItem>> own(std::string_view) override {
    const std::lock_guard lock(mutex_);
    InventoryPage<OwnItem> page;
    for (const auto& [place, message] : messages_) {
      if (message.counts()) page.items.push_back({place, message.sender, message.own_ordinal});
    }
    return page;
  }
  Result<InventoryPage<UserSeq>> mentions(std::string_view) override {
    const std::lock_guard lock(mutex_);
    return InventoryPage<UserSeq>{{mentions_.begin(), mentions_.end()}, {}};
  }
  Result<InventoryPage<UserSeq>> hidden(std::string_view) override {
    const std::lock_guard lock(mutex_);
    return InventoryPage<UserSeq>{{hidden_.begin(), hidden_.end()}, {}};
  }
  Result<InventoryPage<BoundItem>> bounds(std::string_view) override {
    const std::lock_guard lock(mutex_);
    InventoryPage<BoundItem> page;
    for (const auto& [place, bound] : bounds_) page.items.push_back({place, bound});
    return page;
  }
  Result<InventoryPage<PlacedCursor>> cursors(std::string_view) override {
    const std::lock_guard lock(mutex_);
    InventoryPage<PlacedCursor> page;
    for (const auto& [place, cursor] : cursors_) page.items.push_back({place, cursor});
    return page;
  }
  Result<InventoryPage<NumberItem>> numbers(std::string_view) override {
    const std::lock_guard lock(mutex_);
    std::map<UserId, CursorNo> newest;
    for (const auto& [place, cursor] : cursors_) newest[place.user] = std::max(newest[place.user], cursor.number);
    InventoryPage<NumberItem> page;
    for (const auto& [user, number] : newest) page.items.push_back({user, number});
    return page;
  }

  Result<CommitNo> last_commit() override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    return last_commit_;
  }

  Result<void> commit(const CommitBatch& batch) override {
    std::unique_lock lock(mutex_);
    HY_TRY(usable());
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    --waiting_;
    return attempt([&] { write(batch); });
  }

  Result<void> reopen() override {
    const std::lock_guard lock(mutex_);
    ++reopens_;
    broken_ = true;
    if (failing_reopens_ > 0) {
      --failing_reopens_;
      return fail(reopen_code_, "injected");
    }
    broken_ = false;
    return {};
  }

  std::string epoch() const override { return "memory"; }

  Result<std::vector<Cursor>> cursors(std::span<const UserPlace> places) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<Cursor> cursors;
    for (const UserPlace& place : places) {
      const auto found = cursors_.find(place);
      cursors.push_back(found == cursors_.end() ? Cursor{} : found->second);
    }
    return cursors;
  }

  Result<std::vector<CursorNo>> cursor_numbers(std::span<const UserId> users) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<CursorNo> numbers;
    for (const UserId user : users) {
      CursorNo& number = numbers.emplace_back();
      for (const auto& [place, cursor] : cursors_) {
        if (place.user == user) number = std::max(number, cursor.number);
      }
    }
    return numbers;
  }

  Result<void> save_cursors(std::span<const PlacedCursor> cursors) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    ++cursor_writes_;
    return attempt([&] {
      for (const auto& [place, cursor] : cursors) cursors_[place] = cursor;
    });
  }

  Result<std::vector<bool>> hidden(std::span<const UserSeq> messages) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<bool> hidden;
    for (const UserSeq& message : messages) hidden.push_back(hidden_.contains(message));
    return hidden;
  }

  Result<std::vector<Seq>> hidden_in(const UserPlace& place, const SeqRange& seqs) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<Seq> hidden;
    for (auto at = hidden_.lower_bound({place, seqs.from}); at != hidden_.end() && *at <= UserSeq{place, seqs.to};
         ++at) {
      hidden.push_back(at->seq);
    }
    return hidden;
  }

  Result<void> hide(const UserSeq& message) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    return attempt([&] { hidden_.insert(message); });
  }

  Result<std::vector<Seq>> mentions_in(const MentionRange& range) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<Seq> seqs;
    for (auto it = mentions_.rbegin(); it != mentions_.rend() && seqs.size() < range.limit; ++it) {
      const bool inside = it->seq >= range.seqs.from && it->seq <= range.seqs.to;
      if (it->place == range.place && inside) seqs.push_back(it->seq);
    }
    return seqs;
  }

  Result<std::vector<Seq>> cleared(std::span<const UserPlace> places) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    std::vector<Seq> cleared;
    for (const UserPlace& place : places) {
      const auto found = cleared_.find(place);
      cleared.push_back(found == cleared_.end() ? Seq(0) : found->second);
    }
    return cleared;
  }

  Result<void> clear(const UserSeq& up_to) override {
    const std::lock_guard lock(mutex_);
    HY_TRY(usable());
    return attempt([&] { cleared_[up_to.place] = up_to.seq; });
  }

 private:
  static constexpr std::size_t kOverhead = 50;

  Result<void> usable() const {
    if (broken_) return fail(ErrorCode::unavailable, "waits to be re-opened");
    return {};
  }

  // Writes as planned.
  template <class F>
  Result<void> attempt(F write) {
    Fault fault = Fault::none;
    if (!faults_.empty()) {
      fault = faults_.front();
      faults_.erase(faults_.begin());
    }
    if (fault != Fault::before_write) write();
    if (fault == Fault::none) return {};
    broken_ = true;
    return fail(ErrorCode::internal, "injected");
  }

  void write(const CommitBatch& batch) {
    ++commits_;
    for (const NewMessage& fresh : batch.messages) {
      const StoredMessage& message = fresh.message;
      messages_[{message.conversation, message.seq}] = message;
      keys_[{message.sender, message.client_msg_id}] = {
          message.conversation, {message.id, message.seq, message.time}, fresh.hash};
    }
    for (const StoredMessage& message : batch.changed) messages_[{message.conversation, message.seq}] = message;
    for (const Change& change : batch.changes) changes_[change.conversation][change.number] = change;
    for (const auto& [place, bound] : batch.bounds) bounds_[place] = bound;
    mentions_.insert(batch.mentions.begin(), batch.mentions.end());
    for (const UserSeq& mention : batch.mentions_removed) mentions_.erase(mention);
    for (const auto& [place, pin] : pins_of(batch)) {
      pin ? (void)pins_.insert_or_assign(place, *pin) : (void)pins_.erase(place);
    }
    for (const auto& [conversation, head] : batch.heads) heads_[conversation] = head;
    last_commit_ = batch.number;
    feed_.append(batch);
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Place, StoredMessage> messages_;
  std::map<MessageKey, KeyEntry> keys_;
  std::map<ConversationId, Head> heads_;
  std::map<ConversationId, std::map<ChangeNo, Change>> changes_;
  std::map<UserPlace, Bound> bounds_;
  std::set<UserSeq> mentions_;
  std::set<UserSeq> hidden_;
  std::map<UserPlace, Seq> cleared_;
  std::map<Place, Mark> pins_;
  CommitNo last_commit_;
  MemoryFeed feed_;
  std::map<UserPlace, Cursor> cursors_;
  std::vector<Fault> faults_;
  int failing_reopens_ = 0;
  ErrorCode reopen_code_ = ErrorCode::internal;
  bool held_ = false;
  bool broken_ = false;
  int waiting_ = 0;
  int commits_ = 0;
  int reopens_ = 0;
  int cursor_writes_ = 0;
};

}  // namespace hongyan::message::testing
