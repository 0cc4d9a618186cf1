#include "domain/message/rocks_store.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "domain/message/families.h"
#include "domain/message/records.h"

namespace hongyan::message {

namespace {

constexpr std::string_view kEpochKey = "epoch";
constexpr std::string_view kCommitKey = "commit";
// Messages of a page, at most, that is read forwards though it is wanted backwards.
constexpr std::int64_t kTurnedAround = 256;
// What a message of some words comes to in a commit, with all its keys.
constexpr std::size_t kUsualBytes = 512;
constexpr Seq kLastSeq{std::numeric_limits<std::int64_t>::max()};

template <class In, class Function>
std::vector<std::string> keys_of(std::span<const In> items, Function key_of) {
  std::vector<std::string> keys;
  keys.reserve(items.size());
  for (const In& item : items) keys.push_back(key_of(item));
  return keys;
}

// What `decode` makes of the keys of a range, in order, at most `limit` of them.
template <class Item, class Decode>
Result<std::vector<Item>> read_all(const kv::Database& database, kv::Family family, const kv::KeyRange& keys,
                                   Decode decode, std::size_t limit = std::numeric_limits<std::size_t>::max()) {
  std::vector<Item> items;
  if (limit == 0) return items;
  Result<void> decoded;
  HY_TRY(database.scan(family, keys, [&](std::string_view key, std::string_view value) {
    auto item = decode(key, value);
    if (!item) {
      decoded = std::unexpected(std::move(item).error());
      return false;
    }
    items.push_back(*std::move(item));
    return items.size() < limit;
  }));
  HY_TRY(std::move(decoded));
  return items;
}

void put_message(const NewMessage& fresh, kv::WriteBatch& writes) {
  const StoredMessage& message = fresh.message;
  writes.put(family::kMessages, message_key(message.conversation, message.seq), encode(message));
  const KeyEntry entry{message.conversation, {message.id, message.seq, message.time}, fresh.hash};
  writes.put(family::kKeys, key_key({message.sender, message.client_msg_id}), encode(entry));
  if (!message.counts()) return;
  writes.put(family::kOwn, own_key(message.conversation, message.sender, message.seq), encode_own(message.own_ordinal));
}

}  // namespace

RocksStore::RocksStore(std::unique_ptr<kv::LoggedDatabase> database)
    : database_(std::move(database)), feed_(*database_), inventory_(*database_) {}

std::vector<kv::FamilySpec> RocksStore::families() {
  return {{"messages", 8},  {.name = "keys", .mostly_absent = true},
          {"heads"},        {"cursors"},
          {"own", 16},      {"meta"},
          {"changes", 8},   {"bounds", 8},
          {"mentions", 16}, {"pins", 8},
          {"hidden", 16},   {.name = "feed", .sequence = true}};
}

Result<std::unique_ptr<RocksStore>> RocksStore::open(const RocksStoreOptions& options, metrics::Metrics& metrics) {
  kv::LoggedOptions logged;
  logged.rocks.folder = options.folder;
  logged.rocks.families = families();
  logged.rocks.format = kFormat;
  logged.rocks.block_cache_bytes = options.block_cache_bytes;
  logged.segment_bytes = options.segment_bytes;
  HY_TRY(auto database, kv::LoggedDatabase::open(std::move(logged), metrics));
  std::unique_ptr<RocksStore> store(new RocksStore(std::move(database)));
  HY_TRY(store->load_epoch(options.epoch_when_new));
  HY_TRY(store->feed_.load());
  return store;
}

Result<void> RocksStore::load_epoch(const std::string& when_new) {
  HY_TRY(const auto stored, database_->get(family::kMeta, kEpochKey));
  if (stored) {
    epoch_ = *stored;
    return {};
  }
  kv::WriteBatch writes;
  writes.put(family::kMeta, kEpochKey, when_new);
  HY_TRY(database_->commit(std::move(writes)));
  epoch_ = when_new;
  return {};
}

Result<std::vector<std::optional<KeyEntry>>> RocksStore::find_keys(std::span<const MessageKey> keys) {
  HY_TRY(const auto values,
         database_->multi_get(family::kKeys, keys_of(keys, [](const auto& key) { return key_key(key); })));
  std::vector<std::optional<KeyEntry>> entries(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (values[i]) {
      HY_TRY(entries[i], decode_key(*values[i]));
    }
  }
  return entries;
}

Result<std::vector<Head>> RocksStore::heads(std::span<const ConversationId> conversations) {
  HY_TRY(const auto values, database_->multi_get(family::kHeads, keys_of(conversations, head_key)));
  std::vector<Head> heads(conversations.size());
  for (std::size_t i = 0; i < conversations.size(); ++i) {
    if (values[i]) {
      HY_TRY(heads[i], decode_head(*values[i]));
    }
  }
  return heads;
}

// Going back costs RocksDB several times as much as going on, so what lies close together is read forwards and turned around.
Result<ReadPage> RocksStore::read(const ReadRange& range) {
  if (range.seqs.empty()) return ReadPage();
  if (range.direction == ReadRange::Direction::descending && range.seqs.size() <= kTurnedAround) {
    ReadRange forwards = range;
    forwards.direction = ReadRange::Direction::ascending;
    HY_TRY(auto all, scan_messages(forwards));
    if (all.bytes <= range.max_bytes) {
      std::ranges::reverse(all.page.messages);
      return std::move(all.page);
    }
  }
  HY_TRY(auto scanned, scan_messages(range));
  return std::move(scanned.page);
}

Result<RocksStore::Scanned> RocksStore::scan_messages(const ReadRange& range) const {
  Scanned scanned;
  ReadPage& page = scanned.page;
  const bool descending = range.direction == ReadRange::Direction::descending;
  const kv::KeyRange keys{message_key(range.conversation, range.seqs.from),
                          message_key(range.conversation, range.seqs.to), descending};
  const Seq last = descending ? range.seqs.from : range.seqs.to;
  page.messages.reserve(static_cast<std::size_t>(std::min(range.seqs.size(), kTurnedAround)));
  Result<void> decoded;
  HY_TRY(database_->scan(family::kMessages, keys, [&](std::string_view key, std::string_view value) {
    auto message = decode_message(range.conversation, seq_of_key(key), value);
    if (!message) {
      decoded = std::unexpected(std::move(message).error());
      return false;
    }
    page.messages.push_back(std::move(*message));
    scanned.bytes += value.size();
    page.complete = scanned.bytes <= range.max_bytes || page.messages.back().seq == last;
    return page.complete;
  }));
  HY_TRY(std::move(decoded));
  return scanned;
}

Result<std::vector<std::optional<StoredMessage>>> RocksStore::find(std::span<const Place> places) {
  const auto keys = keys_of(places, [](const Place& place) { return message_key(place.conversation, place.seq); });
  HY_TRY(const auto values, database_->multi_get(family::kMessages, keys));
  std::vector<std::optional<StoredMessage>> messages(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (values[i]) {
      HY_TRY(messages[i], decode_message(places[i].conversation, places[i].seq, *values[i]));
    }
  }
  return messages;
}

Result<std::vector<Tally>> RocksStore::tallies(std::span<const TallyAt> places) {
  std::vector<Tally> tallies(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    HY_TRY(tallies[i], tally(places[i]));
  }
  return tallies;
}

Result<Tally> RocksStore::tally(const TallyAt& place) const {
  Tally tally;
  if (place.seq <= Seq(0)) return tally;
  const auto message_at = [&place](Seq at) { return message_key(place.conversation, at); };
  HY_TRY(const auto message, nearest(family::kMessages, message_at, place.seq));
  if (message) {
    HY_TRY(const auto decoded, decode_message(place.conversation, message->seq, message->value));
    tally.all = decoded.ordinal;
    if (message->above && decoded.counts()) --tally.all.value;
  }
  const auto own_at = [&place](Seq at) { return own_key(place.conversation, place.user, at); };
  HY_TRY(const auto own, nearest(family::kOwn, own_at, place.seq));
  if (own) {
    HY_TRY(tally.own, decode_own(own->value));
    if (own->above) --tally.own.value;
  }
  return tally;
}

Result<std::optional<RocksStore::Nearest>> RocksStore::nearest(kv::Family family,
                                                               const std::function<std::string(Seq)>& key_at,
                                                               Seq seq) const {
  std::optional<Nearest> found;
  const auto take = [&found](std::string_view key, std::string_view value) {
    found = Nearest{seq_of_key(key), std::string(value), false};
    return false;
  };
  HY_TRY(database_->scan(family, {key_at(Seq(1)), key_at(seq), true}, take));
  if (found) return found;
  // What lay below was trimmed away: the next one above knows how many there were.
  HY_TRY(database_->scan(family, {key_at(seq), key_at(kLastSeq)}, take));
  if (found) found->above = true;
  return found;
}

Result<std::vector<std::optional<Bound>>> RocksStore::bounds(std::span<const UserPlace> places) {
  HY_TRY(const auto values, database_->multi_get(family::kBounds, keys_of(places, bound_key)));
  std::vector<std::optional<Bound>> bounds(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (values[i]) {
      HY_TRY(bounds[i], decode_bound(*values[i]));
    }
  }
  return bounds;
}

Result<std::vector<GroupBound>> RocksStore::bounds_of(UserId user) {
  constexpr ConversationId kLast{std::numeric_limits<std::uint64_t>::max()};
  // Asked for by who connects. After a restart that is everybody.
  const kv::KeyRange keys{.from = bound_key({user, ConversationId(0)}), .to = bound_key({user, kLast}), .once = true};
  return read_all<GroupBound>(*database_, family::kBounds, keys,
                              [](std::string_view key, std::string_view value) -> Result<GroupBound> {
                                HY_TRY(const Bound bound, decode_bound(value));
                                return GroupBound{conversation_of_bound_key(key), bound};
                              });
}

Result<std::vector<Change>> RocksStore::changes(const ChangesAfter& range) {
  const kv::KeyRange keys{change_key(range.conversation, ChangeNo(range.after.value + 1)),
                          change_key(range.conversation, ChangeNo(kLastSeq.value))};
  const auto decode = [&range](std::string_view key, std::string_view value) {
    return decode_change(range.conversation, change_of_key(key), value);
  };
  return read_all<Change>(*database_, family::kChanges, keys, decode, range.limit);
}

Result<std::vector<Pin>> RocksStore::pins(ConversationId conversation) {
  const kv::KeyRange keys{pin_key(conversation, Seq(0)), pin_key(conversation, kLastSeq)};
  return read_all<Pin>(*database_, family::kPins, keys,
                       [](std::string_view key, std::string_view value) -> Result<Pin> {
                         HY_TRY(const Mark mark, decode_pin(value));
                         return Pin{seq_of_key(key), mark};
                       });
}

Result<CommitNo> RocksStore::last_commit() {
  HY_TRY(const auto value, database_->get(family::kMeta, kCommitKey));
  if (!value) return CommitNo(0);
  return decode_commit(*value);
}

Result<void> RocksStore::commit(const CommitBatch& batch) {
  kv::WriteBatch writes;
  writes.reserve(batch.messages.size() * kUsualBytes);
  for (const NewMessage& fresh : batch.messages) put_message(fresh, writes);
  for (const StoredMessage& message : batch.changed) {
    writes.put(family::kMessages, message_key(message.conversation, message.seq), encode(message));
  }
  for (const Change& change : batch.changes) {
    writes.put(family::kChanges, change_key(change.conversation, change.number), encode(change));
  }
  for (const auto& [place, bound] : batch.bounds) writes.put(family::kBounds, bound_key(place), encode(bound));
  for (const UserSeq& mention : batch.mentions) {
    writes.put(family::kMentions, user_seq_key(mention), encode_presence());
  }
  for (const UserSeq& mention : batch.mentions_removed) writes.erase(family::kMentions, user_seq_key(mention));
  for (const auto& [place, pin] : pins_of(batch)) {
    const std::string key = pin_key(place.conversation, place.seq);
    pin ? writes.put(family::kPins, key, encode(*pin)) : writes.erase(family::kPins, key);
  }
  for (const auto& [conversation, head] : batch.heads) writes.put(family::kHeads, head_key(conversation), encode(head));
  writes.put(family::kMeta, kCommitKey, encode(batch.number));
  feed_.append(batch, writes);
  HY_TRY(database_->commit(std::move(writes)));
  feed_.committed(batch);
  return {};
}

Result<void> RocksStore::reopen() {
  HY_TRY(database_->reopen());
  return feed_.load();
}

Result<std::vector<Cursor>> RocksStore::cursors_at(const std::vector<std::string>& keys) const {
  HY_TRY(const auto values, database_->multi_get(family::kCursors, keys));
  std::vector<Cursor> cursors(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (values[i]) {
      HY_TRY(cursors[i], decode_cursor(*values[i]));
    }
  }
  return cursors;
}

Result<std::vector<Cursor>> RocksStore::cursors(std::span<const UserPlace> places) {
  return cursors_at(keys_of(places, cursor_key));
}

Result<std::vector<CursorNo>> RocksStore::cursor_numbers(std::span<const UserId> users) {
  HY_TRY(const auto found, cursors_at(keys_of(users, cursor_number_key)));
  std::vector<CursorNo> numbers;
  for (const Cursor& cursor : found) numbers.push_back(cursor.number);
  return numbers;
}

Result<void> RocksStore::save_cursors(std::span<const PlacedCursor> cursors) {
  kv::WriteBatch writes;
  std::map<UserId, CursorNo> numbers;
  for (const auto& [place, cursor] : cursors) {
    writes.put(family::kCursors, cursor_key(place), encode(cursor));
    CursorNo& number = numbers[place.user];
    number = std::max(number, cursor.number);
  }
  for (const auto& [user, number] : numbers) {
    writes.put(family::kCursors, cursor_number_key(user), encode(Cursor{Seq(0), Seq(0), number}));
  }
  return database_->commit(std::move(writes));
}

Result<std::vector<bool>> RocksStore::hidden(std::span<const UserSeq> messages) {
  HY_TRY(const auto values, database_->multi_get(family::kHidden, keys_of(messages, user_seq_key)));
  std::vector<bool> hidden;
  for (const auto& value : values) hidden.push_back(value.has_value());
  return hidden;
}

Result<std::vector<Seq>> RocksStore::hidden_in(const UserPlace& place, const SeqRange& seqs) {
  std::vector<Seq> hidden;
  if (seqs.empty()) return hidden;
  const kv::KeyRange keys{user_seq_key({place, seqs.from}), user_seq_key({place, seqs.to})};
  HY_TRY(database_->scan(family::kHidden, keys, [&hidden](std::string_view key, std::string_view) {
    hidden.push_back(seq_of_key(key));
    return true;
  }));
  return hidden;
}

Result<void> RocksStore::hide(const UserSeq& message) {
  kv::WriteBatch writes;
  writes.put(family::kHidden, user_seq_key(message), encode_presence());
  return database_->commit(std::move(writes));
}

Result<std::vector<Seq>> RocksStore::mentions_in(const MentionRange& range) {
  std::vector<Seq> seqs;
  if (range.seqs.empty() || range.limit == 0) return seqs;
  const kv::KeyRange keys{user_seq_key({range.place, range.seqs.from}), user_seq_key({range.place, range.seqs.to}),
                          true};
  HY_TRY(database_->scan(family::kMentions, keys, [&](std::string_view key, std::string_view) {
    seqs.push_back(seq_of_key(key));
    return seqs.size() < range.limit;
  }));
  return seqs;
}

Result<std::vector<Seq>> RocksStore::cleared(std::span<const UserPlace> places) {
  HY_TRY(const auto values, database_->multi_get(family::kHidden, keys_of(places, cleared_key)));
  std::vector<Seq> cleared(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (values[i]) {
      HY_TRY(cleared[i], decode_cleared(*values[i]));
    }
  }
  return cleared;
}

Result<void> RocksStore::clear(const UserSeq& up_to) {
  kv::WriteBatch writes;
  writes.put(family::kHidden, cleared_key(up_to.place), encode_cleared(up_to.seq));
  return database_->commit(std::move(writes));
}

}  // namespace hongyan::message
