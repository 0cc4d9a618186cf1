#include "domain/message/records.h"

#include <algorithm>

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

}  // namespace

std::string message_key(ConversationId conversation, Seq seq) {
  return key_of({conversation.value, static_cast<std::uint64_t>(seq.value)});
}
std::string key_key(const MessageKey& key) { return key_of({key.sender.value}) + key.client_msg_id; }
std::string head_key(ConversationId conversation) { return key_of({conversation.value}); }
std::string cursor_key(const UserPlace& place) { return key_of({place.user.value, place.conversation.value}); }
std::string own_key(ConversationId conversation, UserId sender, Seq seq) {
  return key_of({conversation.value, sender.value, static_cast<std::uint64_t>(seq.value)});
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
  *record.mutable_content() = message.content;
  record.set_change(message.change.value);
  return with_version(record);
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
  return with_version(record);
}

std::string encode_cursor(Seq read) {
  internal::CursorRecord record;
  record.set_read_seq(read.value);
  return with_version(record);
}

std::string encode_own(Ordinal own) {
  internal::OwnRecord record;
  record.set_own_ordinal(own.value);
  return with_version(record);
}

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
  return head;
}

Result<Seq> decode_cursor(std::string_view value) {
  HY_TRY(const auto record, parse<internal::CursorRecord>(value, "read mark"));
  return Seq(record.read_seq());
}

Result<Ordinal> decode_own(std::string_view value) {
  HY_TRY(const auto record, parse<internal::OwnRecord>(value, "own index"));
  return Ordinal(record.own_ordinal());
}

}  // namespace hongyan::message
