// How the values of the slice lie in a key-value store: big-endian keys, values of a version byte and protobuf.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/message/cursors/cursor_store.h"
#include "domain/message/feed/feed.h"
#include "domain/message/store.h"
#include "domain/message/types.h"

namespace hongyan::message {

// Version of the form of a value; the first byte of each.
inline constexpr char kRecordVersion = 1;

std::string message_key(ConversationId conversation, Seq seq);
std::string key_key(const MessageKey& key);
std::string head_key(ConversationId conversation);
std::string cursor_key(const UserPlace& place);
// Where the newest number of the user stands.
std::string cursor_number_key(UserId user);
std::string own_key(ConversationId conversation, UserId sender, Seq seq);
std::string change_key(ConversationId conversation, ChangeNo number);
std::string bound_key(const UserPlace& place);
// Of a mention, and of a hidden message.
std::string user_seq_key(const UserSeq& message);
// Up to where a user has cleared: stands among hidden messages, behind the last.
std::string cleared_key(const UserPlace& place);
std::string pin_key(ConversationId conversation, Seq seq);
std::string feed_key(FeedOffset offset);
// The number at the end of a change_key.
ChangeNo change_of_key(std::string_view key);
// The conversation that a head_key is.
ConversationId conversation_of_head_key(std::string_view key);
ConversationId conversation_of_bound_key(std::string_view key);
// The number at the end of a message_key, own_key, pin_key or feed_key.
Seq seq_of_key(std::string_view key);

std::string encode(const StoredMessage& message);
std::string encode(const KeyEntry& entry);
std::string encode(const Head& head);
std::string encode(const Cursor& cursor);
std::string encode_own(Ordinal own);
std::string encode(const Change& change);
std::string encode(const Bound& bound);
std::string encode(const Mark& pin);
std::string encode(CommitNo number);
std::string encode(const FeedEntry& entry);
std::string encode(FeedOffset offset);
std::string encode_cleared(Seq up_to);
// A value that says nothing: that the key is there is all.
std::string encode_presence();

// Errors of all: internal, when the version is not known or the bytes cannot be read.
Result<StoredMessage> decode_message(ConversationId conversation, Seq seq, std::string_view value);
Result<KeyEntry> decode_key(std::string_view value);
Result<Head> decode_head(std::string_view value);
Result<Cursor> decode_cursor(std::string_view value);
Result<Ordinal> decode_own(std::string_view value);
Result<Change> decode_change(ConversationId conversation, ChangeNo number, std::string_view value);
Result<Bound> decode_bound(std::string_view value);
Result<Mark> decode_pin(std::string_view value);
Result<CommitNo> decode_commit(std::string_view value);
Result<FeedEntry> decode_feed(FeedOffset offset, std::string_view value);
Result<FeedOffset> decode_feed_offset(std::string_view value);
Result<Seq> decode_cleared(std::string_view value);

}  // namespace hongyan::message
