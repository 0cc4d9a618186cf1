#include "domain/message/records.h"

#include <algorithm>
#include <limits>

#include "hongyan/internal/message.pb.h"
#include "infra/kv/big_endian.h"

namespace hongyan::message {
namespace {

std::string with_version(const google::protobuf::MessageLite& record) {
  std::string value(1, kRecordVersion);
  record.AppendToString(&value);
  return value;
}

template <class Record>
Result<Record> parse(std::string_view value, const char* what) {
  if (value.empty() || value.front() != kRecordVersion) {
    return fail(ErrorCode::internal, std::string("unknown version of a stored ") + what);
  }
  Record record;
  value.remove_prefix(1);
  if (!record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return fail(ErrorCode::internal, std::string("damaged ") + what);
  }
  return record;
}

std::string key_of(std::initializer_list<std::uint64_t> numbers) {
  std::string key;
  key.reserve(numbers.size() * 8 + 64);
  for (const std::uint64_t number : numbers) kv::append_big_endian(key, number);
  return key;
}

internal::ReactionRecord record_of(const Reaction& reaction) {
  internal::ReactionRecord record;
  record.set_emoji(reaction.emoji);
  for (const Reactor& reactor : reaction.reactors) {
    internal::ReactorRecord& added = *record.add_reactors();
    added.set_user_id(reactor.user.value);
    added.set_time_ms(reactor.time.value);
  }
  return record;
}

Reaction reaction_of(internal::ReactionRecord& record) {
  Reaction reaction{.emoji = std::move(*record.mutable_emoji()), .reactors = {}};
  for (const auto& reactor : record.reactors()) {
    reaction.reactors.push_back({UserId(reactor.user_id()), TimeMs(reactor.time_ms())});
  }
  return reaction;
}

std::optional<Mark> mark_of(std::uint64_t by, std::int64_t time) {
  if (time == 0) return std::nullopt;
  return Mark{UserId(by), TimeMs(time)};
}

}  // namespace

std::string message_key(ConversationId conversation, Seq seq) {
  return key_of({conversation.value, static_cast<std::uint64_t>(seq.value)});
}
std::string key_key(const MessageKey& key) { return key_of({key.sender.value}) + key.client_msg_id; }
std::string head_key(ConversationId conversation) { return key_of({conversation.value}); }
std::string cursor_key(const UserPlace& place) { return key_of({place.user.value, place.conversation.value}); }
std::string cursor_number_key(UserId user) { return cursor_key({user, {}}); }
std::string own_key(ConversationId conversation, UserId sender, Seq seq) {
  return key_of({conversation.value, sender.value, static_cast<std::uint64_t>(seq.value)});
}
std::string change_key(ConversationId conversation, ChangeNo number) {
  return key_of({conversation.value, static_cast<std::uint64_t>(number.value)});
}
std::string bound_key(const UserPlace& place) { return key_of({place.user.value, place.conversation.value}); }
std::string user_seq_key(const UserSeq& message) {
  return key_of(
      {message.place.user.value, message.place.conversation.value, static_cast<std::uint64_t>(message.seq.value)});
}
std::string cleared_key(const UserPlace& place) {
  return user_seq_key({place, Seq(std::numeric_limits<std::int64_t>::max())});
}
std::string pin_key(ConversationId conversation, Seq seq) { return message_key(conversation, seq); }
std::string feed_key(FeedOffset offset) { return key_of({static_cast<std::uint64_t>(offset.value)}); }
ChangeNo change_of_key(std::string_view key) { return ChangeNo(seq_of_key(key).value); }
ConversationId conversation_of_head_key(std::string_view key) {
  return ConversationId(key.size() < 8 ? 0 : kv::read_big_endian(key, 0));
}
ConversationId conversation_of_bound_key(std::string_view key) {
  return ConversationId(key.size() < 16 ? 0 : kv::read_big_endian(key, 8));
}
Seq seq_of_key(std::string_view key) {
  return Seq(key.size() < 8 ? 0 : static_cast<std::int64_t>(kv::read_big_endian(key, key.size() - 8)));
}

std::string encode(const StoredMessage& message) {
  internal::MessageRecord record;
  record.set_message_id(message.id.value);
  record.set_ordinal(message.ordinal.value);
  record.set_own_ordinal(message.own_ordinal.value);
  record.set_sender_id(message.sender.value);
  record.set_client_msg_id(message.client_msg_id);
  record.set_time_ms(message.time.value);
  // Lent, not copied: most of what a send costs here would be the copy.
  if (!message.recalled) record.unsafe_arena_set_allocated_content(const_cast<v1::Content*>(&message.content));
  record.set_change(message.change.value);
  if (message.quote) *record.mutable_quote() = *message.quote;
  if (message.mentions) *record.mutable_mentions() = *message.mentions;
  record.set_edited_ms(message.edited.value);
  if (message.recalled) {
    record.set_recalled_by(message.recalled->by.value);
    record.set_recalled_ms(message.recalled->time.value);
  }
  for (const Reaction& reaction : message.reactions) *record.add_reactions() = record_of(reaction);
  if (message.pinned) {
    record.set_pinned_by(message.pinned->by.value);
    record.set_pinned_ms(message.pinned->time.value);
  }
  for (const UserId user : message.join) record.add_join(user.value);
  for (const UserId user : message.leave) record.add_leave(user.value);
  std::string value = with_version(record);
  (void)record.unsafe_arena_release_content();
  return value;
}

std::string encode(const KeyEntry& entry) {
  internal::KeyRecord record;
  record.set_conversation_id(entry.conversation.value);
  record.set_seq(entry.ack.seq.value);
  record.set_message_id(entry.ack.message.value);
  record.set_time_ms(entry.ack.time.value);
  record.set_hash(entry.hash.data(), entry.hash.size());
  return with_version(record);
}

std::string encode(const Head& head) {
  internal::HeadRecord record;
  record.set_seq(head.seq.value);
  record.set_change(head.change.value);
  record.set_floor_seq(head.floor.value);
  record.set_ordinal(head.ordinal.value);
  record.set_time_ms(head.time.value);
  record.set_mention_all_seq(head.mention_all.value);
  record.set_commit(head.commit.value);
  return with_version(record);
}

std::string encode(const Cursor& cursor) {
  internal::CursorRecord record;
  record.set_read_seq(cursor.read.value);
  record.set_delivered_seq(cursor.delivered.value);
  record.set_number(cursor.number.value);
  return with_version(record);
}

std::string encode_own(Ordinal own) {
  internal::OwnRecord record;
  record.set_own_ordinal(own.value);
  return with_version(record);
}

std::string encode(const Change& change) {
  internal::ChangeRecord record;
  record.set_seq(change.seq.value);
  record.set_kind(static_cast<std::int32_t>(change.kind));
  record.set_by(change.by.value);
  record.set_emoji(change.emoji);
  record.set_added(change.added);
  record.set_time_ms(change.time.value);
  return with_version(record);
}

std::string encode(const Bound& bound) {
  internal::BoundRecord record;
  record.set_joined_seq(bound.joined.value);
  record.set_left_seq(bound.left.value);
  return with_version(record);
}

std::string encode(const Mark& pin) {
  internal::PinRecord record;
  record.set_by(pin.by.value);
  record.set_time_ms(pin.time.value);
  return with_version(record);
}

std::string encode(CommitNo number) {
  internal::CommitRecord record;
  record.set_number(number.value);
  return with_version(record);
}

std::string encode_cleared(Seq up_to) {
  internal::ClearedRecord record;
  record.set_up_to_seq(up_to.value);
  return with_version(record);
}

std::string encode(const FeedEntry& entry) {
  internal::FeedRecord record;
  record.set_conversation_id(entry.conversation.value);
  record.set_seq(entry.seq.value);
  record.set_change(entry.change.value);
  record.set_kind(static_cast<std::int32_t>(entry.kind));
  record.set_time_ms(entry.time.value);
  return with_version(record);
}

std::string encode(FeedOffset offset) {
  internal::FeedOffsetRecord record;
  record.set_offset(offset.value);
  return with_version(record);
}

std::string encode_presence() { return std::string(1, kRecordVersion); }

Result<StoredMessage> decode_message(ConversationId conversation, Seq seq, std::string_view value) {
  HY_TRY(auto record, parse<internal::MessageRecord>(value, "message"));
  StoredMessage message;
  message.id = MessageId(record.message_id());
  message.conversation = conversation;
  message.seq = seq;
  message.ordinal = Ordinal(record.ordinal());
  message.own_ordinal = Ordinal(record.own_ordinal());
  message.sender = UserId(record.sender_id());
  message.client_msg_id = std::move(*record.mutable_client_msg_id());
  message.time = TimeMs(record.time_ms());
  message.content = std::move(*record.mutable_content());
  message.change = ChangeNo(record.change());
  if (record.has_quote()) message.quote = std::move(*record.mutable_quote());
  if (record.has_mentions()) message.mentions = std::move(*record.mutable_mentions());
  message.edited = TimeMs(record.edited_ms());
  message.recalled = mark_of(record.recalled_by(), record.recalled_ms());
  for (auto& reaction : *record.mutable_reactions()) message.reactions.push_back(reaction_of(reaction));
  message.pinned = mark_of(record.pinned_by(), record.pinned_ms());
  for (const std::uint64_t user : record.join()) message.join.emplace_back(user);
  for (const std::uint64_t user : record.leave()) message.leave.emplace_back(user);
  return message;
}

Result<KeyEntry> decode_key(std::string_view value) {
  HY_TRY(const auto record, parse<internal::KeyRecord>(value, "message key"));
  KeyEntry entry;
  if (record.hash().size() != entry.hash.size()) return fail(ErrorCode::internal, "damaged message key");
  entry.conversation = ConversationId(record.conversation_id());
  entry.ack = {MessageId(record.message_id()), Seq(record.seq()), TimeMs(record.time_ms())};
  std::ranges::copy(record.hash(), reinterpret_cast<char*>(entry.hash.data()));
  return entry;
}

Result<Head> decode_head(std::string_view value) {
  HY_TRY(const auto record, parse<internal::HeadRecord>(value, "head"));
  Head head;
  head.seq = Seq(record.seq());
  head.change = ChangeNo(record.change());
  head.floor = Seq(record.floor_seq());
  head.ordinal = Ordinal(record.ordinal());
  head.time = TimeMs(record.time_ms());
  head.mention_all = Seq(record.mention_all_seq());
  head.commit = CommitNo(record.commit());
  return head;
}

Result<Cursor> decode_cursor(std::string_view value) {
  HY_TRY(const auto record, parse<internal::CursorRecord>(value, "cursor"));
  return Cursor{Seq(record.read_seq()), Seq(record.delivered_seq()), CursorNo(record.number())};
}

Result<Ordinal> decode_own(std::string_view value) {
  HY_TRY(const auto record, parse<internal::OwnRecord>(value, "own index"));
  return Ordinal(record.own_ordinal());
}

Result<Change> decode_change(ConversationId conversation, ChangeNo number, std::string_view value) {
  HY_TRY(auto record, parse<internal::ChangeRecord>(value, "change"));
  Change change;
  change.conversation = conversation;
  change.number = number;
  change.seq = Seq(record.seq());
  change.kind = static_cast<ChangeKind>(record.kind());
  change.by = UserId(record.by());
  change.emoji = std::move(*record.mutable_emoji());
  change.added = record.added();
  change.time = TimeMs(record.time_ms());
  return change;
}

Result<Bound> decode_bound(std::string_view value) {
  HY_TRY(const auto record, parse<internal::BoundRecord>(value, "bound"));
  return Bound{Seq(record.joined_seq()), Seq(record.left_seq())};
}

Result<Mark> decode_pin(std::string_view value) {
  HY_TRY(const auto record, parse<internal::PinRecord>(value, "pin"));
  return Mark{UserId(record.by()), TimeMs(record.time_ms())};
}

Result<CommitNo> decode_commit(std::string_view value) {
  HY_TRY(const auto record, parse<internal::CommitRecord>(value, "commit number"));
  return CommitNo(record.number());
}

Result<Seq> decode_cleared(std::string_view value) {
  HY_TRY(const auto record, parse<internal::ClearedRecord>(value, "cleared seq"));
  return Seq(record.up_to_seq());
}

Result<FeedEntry> decode_feed(FeedOffset offset, std::string_view value) {
  HY_TRY(const auto record, parse<internal::FeedRecord>(value, "feed entry"));
  return FeedEntry{offset,
                   ConversationId(record.conversation_id()),
                   Seq(record.seq()),
                   ChangeNo(record.change()),
                   static_cast<FeedKind>(record.kind()),
                   TimeMs(record.time_ms())};
}

Result<FeedOffset> decode_feed_offset(std::string_view value) {
  HY_TRY(const auto record, parse<internal::FeedOffsetRecord>(value, "feed offset"));
  return FeedOffset(record.offset());
}

}  // namespace hongyan::message
